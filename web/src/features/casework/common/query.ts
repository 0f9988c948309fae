/** Filters as the address of a file says them: several values of one name stand beside each other. */

export function addressOf(path: string, query: Record<string, unknown>): string {
  const said = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as [string, string]),
  )
  const text = new URLSearchParams(said).toString()
  return text === '' ? path : `${path}?${text}`
}
