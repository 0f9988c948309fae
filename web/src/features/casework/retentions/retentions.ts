/** Leave asked of a creditor to keep a case, or a whole batch, past its day: asked, answered, withdrawn. */

import { get, post } from '@/api/plain'
import type { Page } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type RetentionState = 'asked' | 'granted' | 'refused' | 'withdrawn'
export type Retention = {
  id: string
  placement_id: string
  placement_code: string
  case_id: string | null
  serial_no: string | null
  state: RetentionState
  wanted_until: string
  reason: string
  asked_at: string
  granted_until: string | null
  answer: string | null
  version: number
}
/** One case, or all open cases of a placement. */
export type About = { placement_id: string } | { case_id: string }

export const RETENTION_TONES: Record<RetentionState, Tone> = {
  asked: 'warn',
  granted: 'good',
  refused: 'bad',
  withdrawn: 'plain',
}

const ROOT = 'casework/retentions'
export const retentionsPage = (query: About & { limit?: number }): Promise<Page<Retention>> => get(ROOT, query)
export const askRetention = (about: About, until: string, reason: string): Promise<Retention> =>
  post(ROOT, { ...about, until, reason })
/** Without a day the creditor refused. */
export const answerRetention = (one: Retention, until: string | null, note: string): Promise<Retention> =>
  post(`${ROOT}/${one.id}/answer`, { version: one.version, until, note })
export const withdrawRetention = (one: Retention): Promise<Retention> =>
  post(`${ROOT}/${one.id}/withdraw`, { version: one.version })

export type Turn = 'granted' | 'refused' | 'withdraw'

/** What may be done with a request: the creditor's answer is written down, or it is taken back. */
export const turnsOf = (one: Pick<Retention, 'state'>, mayAsk: boolean, mayAnswer: boolean): Turn[] =>
  one.state === 'asked'
    ? [...(mayAnswer ? (['granted', 'refused'] as const) : []), ...(mayAsk ? (['withdraw'] as const) : [])]
    : []
