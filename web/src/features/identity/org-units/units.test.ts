import { describe, expect, it } from 'vitest'
import type { OrgUnit } from '@/api/types'
import { pathTo, treeOf, withinOf } from './units'

const unit = (id: string, parent_id: string | null, people_count = 0): OrgUnit => ({
  id,
  parent_id,
  name: id.toUpperCase(),
  kind: 'team',
  people_count,
  version: 1,
})
const agency = [unit('a', null, 1), unit('b', 'a', 2), unit('c', 'b', 3), unit('d', 'a', 4)]

describe('the org tree', () => {
  it('counts the people of a unit and of everything below it', () => {
    const [root] = treeOf(agency)
    expect(root?.people_below).toBe(10)
    expect(root?.children.map((child) => [child.id, child.people_below])).toEqual([
      ['b', 5],
      ['d', 4],
    ])
  })

  it('shows a supervisor who cannot see the top her own unit as the root', () => {
    expect(treeOf(agency.slice(1)).map((root) => root.id)).toEqual(['b', 'd'])
  })

  it('names the way down to a unit', () => {
    expect(pathTo(agency, 'c')).toEqual(['A', 'B'])
    expect(pathTo(agency, 'a')).toEqual([])
  })

  it('knows where a unit cannot be moved to', () => {
    expect([...withinOf(agency, 'b')].sort()).toEqual(['b', 'c'])
  })
})
