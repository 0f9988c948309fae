/** Units of the organisation as a list: each below the one it belongs to. */

export type Unit = { id: string; name: string; depth: number }
type Node = { id: string; parent_id: string | null; name: string }

export function unitsInOrder(nodes: readonly Node[]): Unit[] {
  const known = new Set(nodes.map((node) => node.id))
  const below = (parent: string | null): Node[] =>
    nodes.filter((node) =>
      // What is above the caller's sight is not there: such a unit is a top one.
      parent === null ? node.parent_id === null || !known.has(node.parent_id) : node.parent_id === parent,
    )
  const walk = (parent: string | null, depth: number): Unit[] =>
    below(parent).flatMap(({ id, name }) => [{ id, name, depth }, ...walk(id, depth + 1)])
  return walk(null, 0)
}
