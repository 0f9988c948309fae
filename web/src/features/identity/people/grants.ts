/** Grants while they are edited. */

import type { Grant, NewGrant, Scope } from '@/api/types'

export const SCOPES: readonly Scope[] = ['own', 'team', 'subtree', 'tenant']

export type GrantDraft = { role: string; scope: Scope; unit_id: string | null }

export const draftOf = (grants: readonly Grant[]): GrantDraft[] =>
  grants.map(({ role, scope, unit }) => ({ role: role.code, scope, unit_id: unit.id }))

/** Only scopes that stand on a unit carry one. */
export const standsOnUnit = (scope: Scope): boolean => scope === 'team' || scope === 'subtree'

export const grantsOf = (drafts: readonly GrantDraft[]): NewGrant[] =>
  drafts
    .filter((draft) => draft.role !== '')
    .map(({ role, scope, unit_id }) => ({ role, scope, unit_id: standsOnUnit(scope) ? unit_id : null }))
