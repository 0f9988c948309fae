import { describe, expect, it } from 'vitest'
import type { Catalogue, PermissionCode } from '@/api/types'
import { byThing, collision, givable, wallsTouched } from './roles'

const rights: PermissionCode[] = [
  'people.read',
  'people.write',
  'grants.write',
  'audit.read',
  'cases.read',
  'tenants.read',
]
const catalogue: Catalogue = {
  permissions: rights.map((code) => {
    const [thing = '', verb = ''] = code.split('.')
    return { code, zh: code, en: code, thing, verb, scoped: true, platform: thing === 'tenants' }
  }),
  things: [],
  verbs: [],
  field_rights: [],
  scopes: [],
  exclusive: [['system_administrator', 'auditor']],
  walls: [['people.write'], ['grants.write'], ['audit.read']],
}
const role = (code: string, ...permissions: PermissionCode[]) => ({ code, permissions })

describe('the three administrators', () => {
  it('exclude each other by name', () => {
    const held = [role('system_administrator', 'people.read'), role('auditor', 'people.read')]
    expect(collision(held, catalogue)).toEqual(['system_administrator', 'auditor'])
  })

  it('exclude each other by what a custom role of theirs may do', () => {
    const held = [role('desk_help', 'people.write'), role('log_reader', 'audit.read'), role('collector', 'cases.read')]
    expect(collision(held, catalogue)).toEqual(['desk_help', 'log_reader'])
  })

  it('leave everybody else alone', () => {
    expect(collision([role('collector', 'cases.read'), role('owner', 'people.read')], catalogue)).toEqual([])
    expect(collision([role('desk_help', 'people.write'), role('more_help', 'people.write')], catalogue)).toEqual([])
  })

  it('cannot be put together in one role', () => {
    expect(wallsTouched(['people.write', 'audit.read'], catalogue.walls)).toBe(2)
    expect(wallsTouched(['people.read'], catalogue.walls)).toBe(0)
  })
})

describe('a token', () => {
  it('carries only what its maker holds, and no administrator’s key', () => {
    const held = new Set<string>(['people.read', 'people.write'])
    expect(givable(catalogue, (code) => held.has(code)).map(({ code }) => code)).toEqual(['people.read'])
  })

  it('may carry whatever its maker could grant to others, but nothing of the platform', () => {
    expect(givable(catalogue, (code) => code === 'grants.write').map(({ code }) => code)).toEqual([
      'people.read',
      'cases.read',
    ])
  })
})

describe('rights', () => {
  it('stand together by what they concern', () => {
    const [people] = byThing(catalogue.permissions)
    expect(people?.thing).toBe('people')
    expect(people?.permissions.map(({ code }) => code)).toEqual(['people.read', 'people.write'])
  })
})
