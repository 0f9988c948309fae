/** The org tree as the API tells it (a flat list), and as a tree to look at. */

import { computed, type ComputedRef, type Ref } from 'vue'
import { api, ask } from '@/api/client'
import type { OrgUnit, UnitKind } from '@/api/types'
import { useThing } from '@/api/thing'

export const UNIT_KINDS: readonly UnitKind[] = ['company', 'branch', 'department', 'team']

export type UnitNode = OrgUnit & { children: UnitNode[]; people_below: number }

/** Roots first; a unit whose parent is out of sight becomes a root. */
export function treeOf(units: readonly OrgUnit[]): UnitNode[] {
  const nodes = new Map(units.map((unit) => [unit.id, { ...unit, children: [] as UnitNode[], people_below: 0 }]))
  const roots: UnitNode[] = []
  for (const node of nodes.values()) {
    const parent = node.parent_id === null ? undefined : nodes.get(node.parent_id)
    ;(parent?.children ?? roots).push(node)
  }
  const count = (node: UnitNode): number =>
    (node.people_below = node.people_count + node.children.reduce((sum, child) => sum + count(child), 0))
  roots.forEach(count)
  return roots
}

/** Names from the root down to the parent of a unit. */
export function pathTo(units: readonly OrgUnit[], id: string): string[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const names: string[] = []
  let at = byId.get(byId.get(id)?.parent_id ?? '')
  while (at !== undefined && names.length < units.length) {
    names.unshift(at.name)
    at = byId.get(at.parent_id ?? '')
  }
  return names
}

/** The unit and everything below it: where it cannot be moved to. */
export function withinOf(units: readonly OrgUnit[], id: string): Set<string> {
  const within = new Set([id])
  for (let before = 0; before !== within.size;) {
    before = within.size
    for (const unit of units) if (unit.parent_id !== null && within.has(unit.parent_id)) within.add(unit.id)
  }
  return within
}

export function useUnits() {
  const { thing, failure, isLoading, reload } = useThing(() => ask(api.GET('/api/v1/identity/org-units')))
  const units: ComputedRef<OrgUnit[]> = computed(() => thing.value?.items ?? [])
  const tree = computed(() => treeOf(units.value))
  return { units, tree, failure: failure as Ref<typeof failure.value>, isLoading, reload }
}
