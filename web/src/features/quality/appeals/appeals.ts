/** Appeals against inspections. */

import { get, post } from '@/api/plain'
import type { Page, Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type AppealState = 'open' | 'granted' | 'rejected' | 'withdrawn'
export const STATES: readonly AppealState[] = ['open', 'granted', 'rejected', 'withdrawn']
export const TONES: Record<AppealState, Tone> = { open: 'warn', granted: 'good', rejected: 'bad', withdrawn: 'plain' }

export type Appeal = {
  id: string
  inspection_id: string
  call_id: string
  called_at: string
  finding_id: string | null
  finding_code: string | null
  evidence: string | null
  person_id: string
  name: string
  reason: string
  state: AppealState
  appealed_at: string
  decided_at: string | null
  answer: string | null
  score: number
  version: number
}

export const appealsPage = (query: Paging & Record<string, unknown>): Promise<Page<Appeal>> =>
  get('quality/appeals', query)
export const withdraw = (id: string): Promise<Appeal> => post(`quality/appeals/${id}/withdraw`, {})
export const decide = (id: string, body: { version: number; is_granted: boolean; answer: string }): Promise<Appeal> =>
  post(`quality/appeals/${id}/decide`, body)
