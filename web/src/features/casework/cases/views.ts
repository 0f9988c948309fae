/** A saved view beside what is on the screen. */

type Body = Record<string, unknown>

/** The same things in another order are the same. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return [...value].sort()
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value)
    .filter(([, one]) => one !== undefined && one !== '')
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, one]) => [name, plain(one)])
}

export const isSameView = (one: Body, other: Body): boolean =>
  JSON.stringify(plain(one)) === JSON.stringify(plain(other))
