/** Things that can be done to many cases at once: what each asks for, who may, and the request. */

import type { PermissionCode } from '@/api/types'

export type BulkAction = 'reallocate' | 'pool' | 'activity' | 'next_action' | 'stage' | 'retain' | 'legal' | 'return'
export const BULK_ACTIONS: readonly BulkAction[] = [
  'reallocate',
  'pool',
  'activity',
  'next_action',
  'stage',
  'retain',
  'legal',
  'return',
]

export const needs: Record<BulkAction, readonly string[]> = {
  reallocate: ['holder', 'reason'],
  pool: ['reason'],
  activity: ['result', 'note'],
  next_action: ['next'],
  stage: ['stage', 'reason'],
  retain: ['until', 'reason'],
  legal: ['reason'],
  return: ['reason'],
}
export const permissionOf: Record<BulkAction, PermissionCode> = {
  reallocate: 'cases.allocate',
  pool: 'cases.allocate',
  activity: 'cases.work',
  next_action: 'cases.work',
  stage: 'cases.work',
  retain: 'cases.hold',
  legal: 'cases.hold',
  return: 'placements.write',
}
/** What cannot be meant by a filter, only case by case. */
export const ONLY_BY_IDS: ReadonlySet<BulkAction> = new Set(['activity', 'reallocate', 'pool'])

export type BulkForm = {
  reason: string
  until: string
  stage: string
  nextAt: string
  holderId: string
  resultCode: string
  note: string
}

export function isReady(action: BulkAction, form: BulkForm): boolean {
  const given: Record<string, boolean> = {
    reason: form.reason.trim().length >= 2,
    until: form.until !== '',
    stage: form.stage.trim() !== '',
    next: form.nextAt !== '',
    holder: form.holderId !== '',
    result: form.resultCode !== '',
    note: form.note.trim() !== '',
  }
  return needs[action].every((field) => given[field])
}

/** What becomes of cases given to other hands, counted by the words of the allocation. */
export const isMove = (action: BulkAction): boolean => action === 'reallocate' || action === 'pool'

type Meant = { case_ids: string[] } | { filter: Record<string, unknown> }

export function bodyOf(
  action: BulkAction,
  form: BulkForm,
  meant: Meant,
): { path: string; body: Record<string, unknown> } {
  const reason = form.reason.trim()
  switch (action) {
    case 'reallocate':
      return { path: 'casework/allocation/reallocate', body: { ...meant, holder_id: form.holderId, reason } }
    case 'pool':
      return { path: 'casework/allocation/reallocate', body: { ...meant, reason } }
    case 'activity':
      return {
        path: 'casework/activities/bulk',
        body: { ...meant, action_code: 'OB', result_code: form.resultCode, note: form.note.trim() },
      }
    case 'next_action':
      return { path: 'casework/cases/bulk', body: { ...meant, action, next_action_at: form.nextAt } }
    case 'stage':
      return { path: 'casework/cases/bulk', body: { ...meant, action, stage: form.stage.trim(), reason } }
    case 'retain':
      return { path: 'casework/cases/bulk', body: { ...meant, action, until: form.until, reason } }
    case 'legal':
    case 'return':
      return { path: 'casework/cases/bulk', body: { ...meant, action, reason } }
  }
}
