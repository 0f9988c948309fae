/** Requests for help on a case: who asks, who takes, and what may be done with one now. */

import { get, post } from '@/api/plain'
import type { Page } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type AssistState = 'open' | 'taken' | 'done' | 'withdrawn'
export type AssistKind =
  | 'complaint_warning'
  | 'supervisor_help'
  | 'dispute_advice'
  | 'customer_service'
  | 'sms_request'
  | 'letter_request'
  | 'returned_letter'

export type Assist = {
  id: string
  case_id: string
  serial_no: string
  debtor_name_masked: string
  kind: AssistKind
  note: string
  state: AssistState
  asked_by: string | null
  asked_by_name: string | null
  asked_at: string
  helper_id: string | null
  helper_name: string | null
  answer: string | null
  ended_at: string | null
}

export const ASSIST_STATES: readonly AssistState[] = ['open', 'taken', 'done', 'withdrawn']
export const ASSIST_TONES: Record<AssistState, Tone> = { open: 'warn', taken: 'note', done: 'good', withdrawn: 'plain' }
export const ASSIST_KINDS: readonly AssistKind[] = [
  'supervisor_help',
  'complaint_warning',
  'dispute_advice',
  'customer_service',
  'sms_request',
  'letter_request',
  'returned_letter',
]

const ROOT = 'casework/allocation/assist-requests'
export const assistsPage = (query: Record<string, unknown>): Promise<Page<Assist>> => get(ROOT, query)
export const askForHelp = (case_id: string, kind: AssistKind, note: string): Promise<Assist> =>
  post(ROOT, { case_id, kind, note })
export const take = (id: string): Promise<Assist> => post(`${ROOT}/${id}/take`)
export const answer = (id: string, text: string): Promise<Assist> => post(`${ROOT}/${id}/answer`, { answer: text })
export const withdraw = (id: string): Promise<Assist> => post(`${ROOT}/${id}/withdraw`)

export type Turn = 'take' | 'answer' | 'withdraw'

/** What somebody may do with a request. Whoever asked does not help herself. */
export function turnsOf(
  one: Pick<Assist, 'state' | 'asked_by' | 'helper_id'>,
  me: string | null,
  mayWork: boolean,
): Turn[] {
  if (!mayWork || me === null) return []
  const isMine = one.asked_by === me
  if (one.state === 'open') return isMine ? ['withdraw'] : ['take']
  if (one.state !== 'taken') return []
  return [...(one.helper_id === me ? (['answer'] as const) : []), ...(isMine ? (['withdraw'] as const) : [])]
}
