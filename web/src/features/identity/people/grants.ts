/** Grants while they are edited. */

import type { Grant, NewGrant, Scope } from '@/api/contract'

export const SCOPES: readonly Scope[] = ['own', 'team', 'subtree', 'tenant']

export type GrantDraft = { role_id: string; scope: Scope; unit_id: string | null }

export const draftOf = (grants: readonly Grant[]): GrantDraft[] =>
  grants.map(({ role, scope, unit }) => ({ role_id: role.id, scope, unit_id: unit?.id ?? null }))

/** Only scopes that stand on a unit carry one. */
export const standsOnUnit = (scope: Scope): boolean => scope === 'team' || scope === 'subtree'

export const grantsOf = (drafts: readonly GrantDraft[]): NewGrant[] =>
  drafts
    .filter((draft) => draft.role_id !== '')
    .map(({ role_id, scope, unit_id }) => ({ role_id, scope, unit_id: standsOnUnit(scope) ? unit_id : null }))
