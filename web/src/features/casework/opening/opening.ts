/** Opening of a placement's cases: what a run found, and the rules it went by. */

import type { Tone } from '@/kit/StatePill.vue'

export type Reach = 'reachable' | 'dead' | 'unknown'
export type OpeningRun = {
  id: string
  placement_id: string
  state: string
  cases_total: number
  cases_done: number
  figures: Partial<Record<Reach, number>>
  started_at: string
  ended_at: string | null
  fault: string | null
}
export type OpenedCase = {
  case_id: string
  serial_no: string
  reach: Reach
  stage: string | null
  priority: number
  rules: string[]
}
export type OpeningRule = {
  code: string
  zh: string
  en: string
  when: Record<string, unknown>
  stage?: string | null
  priority: number
}
export type OpeningRules = { version: number; rules: OpeningRule[] }

export const REACHES: readonly Reach[] = ['reachable', 'dead', 'unknown']
export const REACH_TONES: Record<Reach, Tone> = { reachable: 'good', dead: 'bad', unknown: 'plain' }

export const doneShare = ({ cases_done, cases_total }: OpeningRun): number =>
  cases_total === 0 ? 100 : Math.floor((cases_done * 100) / cases_total)
