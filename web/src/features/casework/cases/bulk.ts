/** Things that can be done to many cases at once: what each asks for, who may, and the request. */

import type { BulkAnswer, CaseLine } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { components } from '@/api/schema'
import type { PermissionCode } from '@/api/types'
import type { CaseQuery } from './case-filter'
import { give, idsOf, movedOf } from './moving'

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

type Field = 'holder' | 'reason' | 'result' | 'note' | 'next' | 'stage' | 'until'
export const needs: Record<BulkAction, readonly Field[]> = {
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
export const ONLY_BY_IDS: ReadonlySet<BulkAction> = new Set(['activity'])
export const isMove = (action: BulkAction): action is 'reallocate' | 'pool' =>
  action === 'reallocate' || action === 'pool'

export type BulkForm = {
  reason: string
  until: string
  stage: string
  nextAt: string
  holderId: string
  resultCode: string
  note: string
}

export const blankForm = (): BulkForm => ({
  reason: '',
  until: '',
  stage: '',
  nextAt: '',
  holderId: '',
  resultCode: '',
  note: '',
})

export function isReady(action: BulkAction, form: BulkForm): boolean {
  const given: Record<Field, boolean> = {
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

/** Cases by their ids, or all that a filter of the list shows. */
export type Meant = { case_ids: string[] } | { filter: CaseQuery }
type BulkAsked = components['schemas']['BulkAsked']
type Plain = Exclude<BulkAction, 'reallocate' | 'pool' | 'activity'>

export function bodyOf(action: Plain, form: BulkForm, meant: Meant): BulkAsked {
  const reason = form.reason.trim()
  const asked = { ...(meant as Pick<BulkAsked, 'case_ids' | 'filter'>), action }
  switch (action) {
    case 'next_action':
      return { ...asked, next_action_at: form.nextAt }
    case 'stage':
      return { ...asked, stage: form.stage.trim(), reason }
    case 'retain':
      return { ...asked, until: form.until, reason }
    case 'legal':
    case 'return':
      return { ...asked, reason }
  }
}

/** What became of it: how many were done, and for what reasons how many were not. */
export type Outcome = { done: number; refused: number; why: Why[] }
export type Why = { count: number; ids: string[] } & ({ code: string } | { zh: string; en: string })

export function outcomeOf(answer: BulkAnswer): Outcome {
  const why = new Map<string, { count: number; ids: string[]; zh: string; en: string }>()
  for (const { done, id, zh, en } of answer.items) {
    if (done) continue
    const known = why.get(zh ?? '') ?? { count: 0, ids: [], zh: zh ?? '', en: en ?? '' }
    why.set(zh ?? '', { ...known, count: known.count + 1, ids: [...known.ids, id] })
  }
  return { done: answer.done, refused: answer.refused, why: [...why.values()] }
}

/** Do it; `once` lets a request that is sent twice be carried out once. */
export async function doToMany(action: BulkAction, form: BulkForm, meant: Meant, once: string): Promise<Outcome> {
  const headers = { 'Idempotency-Key': once }
  if (isMove(action)) {
    const ids = 'case_ids' in meant ? meant.case_ids : await idsOf(meant.filter)
    const run = await give(ids, action === 'pool' ? null : form.holderId, form.reason.trim())
    const { done, refused, reasons } = movedOf(run, ids.length)
    return { done, refused, why: reasons.map((one) => ({ ...one, ids: [] })) }
  }
  if (action === 'activity') {
    const entry = { action_code: 'OB', result_code: form.resultCode, note: form.note.trim() }
    const case_ids = 'case_ids' in meant ? meant.case_ids : []
    const body = { ...entry, case_ids }
    return outcomeOf(await ask(api.POST('/api/v1/casework/activities/bulk', { body, headers })))
  }
  const body = bodyOf(action, form, meant)
  return outcomeOf(await ask(api.POST('/api/v1/casework/cases/bulk', { body, headers })))
}

/** Lines by their ids, to name what was refused. */
export const namesOf = (lines: readonly CaseLine[]): Map<string, string> =>
  new Map(lines.map((line) => [line.id, line.serial_no]))
