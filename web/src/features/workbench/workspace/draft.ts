/** The half-written entry of a case diary: kept in this browser until it is saved or thrown away. */

import type { ContactLevel, DemandedField, NewActivity, ResultCode } from '@/api/casework-types'

export type Draft = {
  actionCode: string
  level: ContactLevel
  resultCode: string
  phoneId: string | null
  note: string
  amountFen: number | null
  day: string
  callBackAt: string
  disputeReason: string
  newNumber: string
  nextActionAt: string
}

export const emptyDraft = (): Draft => ({
  actionCode: 'OB',
  level: 'right_party',
  resultCode: '',
  phoneId: null,
  note: '',
  amountFen: null,
  day: '',
  callBackAt: '',
  disputeReason: '',
  newNumber: '',
  nextActionAt: '',
})

const WRITTEN = ['resultCode', 'note', 'day', 'callBackAt', 'disputeReason', 'newNumber', 'nextActionAt'] as const

/** Whether nothing would be lost without it: which number was called stands in the attempt. */
export const isEmpty = (draft: Draft): boolean =>
  draft.amountFen === null && WRITTEN.every((name) => draft[name].trim() === '')

/** What was kept, read with care: another version of the desk may have written it. */
export function readDraft(text: string | null): Draft | null {
  if (text === null) return null
  try {
    const kept: unknown = JSON.parse(text)
    if (kept === null || typeof kept !== 'object') return null
    const base = emptyDraft()
    const known = Object.entries(base).filter(([name, value]) => {
      const other = (kept as Record<string, unknown>)[name]
      return other !== undefined && (value === null || typeof other === typeof value)
    })
    return { ...base, ...Object.fromEntries(known.map(([name]) => [name, (kept as Record<string, unknown>)[name]])) }
  } catch {
    return null
  }
}

const isGiven: Record<DemandedField, (draft: Draft) => boolean> = {
  promise_amount: (draft) => draft.amountFen !== null && draft.amountFen > 0,
  promise_due_on: (draft) => draft.day !== '',
  claimed_amount: (draft) => draft.amountFen !== null && draft.amountFen > 0,
  claimed_on: (draft) => draft.day !== '',
  call_back_at: (draft) => draft.callBackAt !== '',
  dispute_reason: (draft) => draft.disputeReason.trim() !== '',
  new_number: (draft) => draft.newNumber.trim() !== '',
  note: (draft) => draft.note.trim() !== '',
}

/** What the result demands and the draft does not have yet. */
export const missing = (draft: Draft, result: ResultCode): DemandedField[] =>
  result.required.filter((field) => !isGiven[field](draft))

export const demands = (result: ResultCode | undefined, ...fields: DemandedField[]): boolean =>
  result !== undefined && fields.some((field) => result.required.includes(field))

/** Who promises and names no sum promises all of it; a part has a code of its own. */
const WHOLE = 'PTP'

/** The sum that goes with a result. */
export function amountFor(resultCode: string, amountFen: number | null, owing: number): number | null {
  if (resultCode === WHOLE) return amountFen ?? owing
  return amountFen === owing ? null : amountFen
}

/** The draft as the request that writes it down, with nothing that the result does not ask for. */
export function entryOf(caseId: string, draft: Draft, result: ResultCode, attemptId: string | null): NewActivity {
  const sum = draft.amountFen ?? 0
  const next = demands(result, 'call_back_at') ? draft.callBackAt : draft.nextActionAt
  return {
    case_id: caseId,
    action_code: draft.actionCode,
    result_code: result.code,
    note: draft.note.trim(),
    ...(draft.phoneId === null ? {} : { phone_id: draft.phoneId }),
    ...(attemptId === null ? {} : { attempt_id: attemptId }),
    ...(next === '' ? {} : { next_action_at: next }),
    ...(demands(result, 'promise_amount') ? { promise: { amount_fen: sum, due_on: draft.day } } : {}),
    ...(demands(result, 'claimed_amount')
      ? { claim: { amount_fen: sum, paid_on: draft.day, method: 'other' as const } }
      : {}),
    ...(demands(result, 'dispute_reason') ? { dispute_reason: draft.disputeReason.trim() } : {}),
    ...(demands(result, 'new_number')
      ? {
          new_number: {
            number: draft.newNumber.trim(),
            relation: 'debtor' as const,
            source: 'debtor_consent' as const,
          },
        }
      : {}),
  }
}
