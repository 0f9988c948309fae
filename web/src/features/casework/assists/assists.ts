/** Requests for help on a case: who asks, who takes, and what may be done with one now. */

import type { Line } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type Assist = Line<'list_assist_requests'>
export type AssistState = Assist['state']
export type AssistKind = Assist['kind']

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

const ROOM = '/api/v1/casework/allocation/assist-requests'
const one = (id: string) => ({ params: { path: { id } } })
export const assistsPage = (query: Paging & { state?: AssistState; case_id?: string }) =>
  ask(api.GET(ROOM, { params: { query } }))
export const askForHelp = (case_id: string, kind: AssistKind, note: string) =>
  ask(api.POST(ROOM, { body: { case_id, kind, note } }))
export const take = (id: string) => ask(api.POST(`${ROOM}/{id}/take`, one(id)))
export const answer = (id: string, text: string) =>
  ask(api.POST(`${ROOM}/{id}/answer`, { ...one(id), body: { answer: text } }))
export const withdraw = (id: string) => ask(api.POST(`${ROOM}/{id}/withdraw`, one(id)))

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
