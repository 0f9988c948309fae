/** Inspections: what the server says of a call's conduct, and how the desk shows it. */

import { get, post } from '@/api/plain'
import type { Page, Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type InspectionState = 'by_machine' | 'queued' | 'taken' | 'inspected' | 'reinspected'
export const STATES: readonly InspectionState[] = ['queued', 'taken', 'by_machine', 'inspected', 'reinspected']
export type QueuedFor = 'critical' | 'doubtful' | 'random' | 'alarm' | 'appeal' | 'complaint' | 'asked'
export const REASONS: readonly QueuedFor[] = ['appeal', 'complaint', 'alarm', 'critical', 'asked', 'doubtful', 'random']
export type Severity = 'critical' | 'major' | 'minor'
export type Verdict = 'open' | 'agreed' | 'overruled' | 'added'

export type Inspection = {
  id: string
  call_id: string
  called_at: string
  person_id: string | null
  name: string | null
  unit_id: string | null
  creditor_id: string | null
  subject_kind: string | null
  subject_id: string | null
  talked_seconds: number
  state: InspectionState
  queued_for: QueuedFor | null
  score: number
  machine_score: number
  is_vetoed: boolean
  codes: string[]
  inspector_id: string | null
  inspected_at: string | null
  version: number
}

export type Finding = {
  id: string
  code: string
  severity: Severity
  rule_id: string | null
  utterance: number | null
  began_ms: number | null
  evidence: string
  is_live: boolean
  verdict: Verdict
  verdict_note: string | null
}

export type Extracted = {
  promise_date: string | null
  promise_amount_fen: number | null
  right_party_confirmed: boolean
  result_code: string | null
  complaint_tendency: boolean
  reason: string | null
  next_contact_on: string | null
}

export type InspectionDetail = Inspection & {
  recording_id: string | null
  pack_version: string
  points: Record<string, { kept: number; weight: number; causes: string[] }>
  missing: string[]
  extracted: Extracted
  note: string | null
  findings: Finding[]
}

export type FindingCode = { code: string; zh: string; en: string }
export type Decision = { finding_id: string; verdict: 'agreed' | 'overruled'; note?: string }
export type Added = { code: string; severity: Severity; utterance?: number; began_ms?: number; evidence: string }

const AT = 'quality/inspections'
export const inspectionsPage = (query: Paging & Record<string, unknown>): Promise<Page<Inspection>> => get(AT, query)
export const countsOf = (): Promise<{ by_state: Partial<Record<InspectionState, number>> }> => get(`${AT}/counts`)
export const findingCodes = (): Promise<FindingCode[]> => get(`${AT}/codes`)
export const inspectionOf = (id: string): Promise<InspectionDetail> => get(`${AT}/${id}`)
export const takeNext = (): Promise<InspectionDetail | null> => post(`${AT}/next`, {})
export const take = (id: string): Promise<InspectionDetail> => post(`${AT}/${id}/take`, {})
export const giveBack = (id: string): Promise<InspectionDetail> => post(`${AT}/${id}/give-back`, {})
export const decide = (
  id: string,
  body: { version: number; findings: Decision[]; added: Added[]; note?: string },
): Promise<InspectionDetail> => post(`${AT}/${id}/decide`, body)
export const appeal = (body: { inspection_id: string; finding_id?: string; reason: string }): Promise<object> =>
  post('quality/appeals', body)

export const STATE_TONES: Record<InspectionState, Tone> = {
  by_machine: 'plain',
  queued: 'warn',
  taken: 'note',
  inspected: 'good',
  reinspected: 'good',
}
export const SEVERITY_TONES: Record<Severity, Tone> = { critical: 'bad', major: 'warn', minor: 'note' }

export const scoreTone = (score: number, isVetoed: boolean): Tone =>
  isVetoed || score < 60 ? 'bad' : score < 80 ? 'warn' : 'good'
