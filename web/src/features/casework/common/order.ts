/** A list whose order means something, and one of its lines moved up or down. */

export function moved<Item>(list: readonly Item[], index: number, by: number): Item[] {
  const to = index + by
  if (to < 0 || to >= list.length) return [...list]
  const rest = list.filter((_, at) => at !== index)
  return [...rest.slice(0, to), ...list.slice(index, index + 1), ...rest.slice(to)]
}
