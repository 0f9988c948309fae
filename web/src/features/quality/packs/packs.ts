/** Rule packs: what an agency changes of the built-in rules. */

import { get, post, put } from '@/api/plain'
import type { Tone } from '@/kit/StatePill.vue'
import type { Severity } from '../inspections/inspections'

export type PackState = 'draft' | 'proposed' | 'published' | 'retired' | 'rejected'
export const TONES: Record<PackState, Tone> = {
  draft: 'plain',
  proposed: 'warn',
  published: 'good',
  retired: 'plain',
  rejected: 'bad',
}

export type Rule = {
  id: string
  version: number
  code: string
  severity: Severity
  title: string
  fire: string[]
  hold: string[]
}
export type Change = {
  id: string
  off?: boolean
  version?: number
  code?: string
  severity?: Severity
  title?: string
  patterns?: string[]
  unless?: string[]
  fire?: string[]
  hold?: string[]
}
export type Trial = {
  since: string
  until: string
  calls: number
  differing: number
  differences: { call_id: string; asked_at: string; more: [string, string][]; less: [string, string][] }[]
}
export type Pack = {
  id: string
  number: number
  state: PackState
  note: string
  changes: Change[]
  trial: Trial | null
  drafted_by: string | null
  drafted_at: string
  decided_at: string | null
  decision: string | null
  version: number
}

const AT = 'quality/packs'
export const packs = (): Promise<Pack[]> => get(AT)
export const rules = (): Promise<Rule[]> => get(`${AT}/rules`)
export const draft = (body: { note: string; changes: Change[] }): Promise<Pack> => post(AT, body)
export const edit = (id: string, body: { version: number; note: string; changes: Change[] }): Promise<Pack> =>
  put(`${AT}/${id}`, body)
export const tryOn = (id: string, body: { since: string; until: string }): Promise<Pack> =>
  post(`${AT}/${id}/trial`, body)
export const propose = (id: string, version: number): Promise<Pack> => post(`${AT}/${id}/propose`, { version })
export const publish = (id: string, version: number, decision: string, again_days: number): Promise<Pack> =>
  post(`${AT}/${id}/publish`, { version, decision, again_days })
export const reject = (id: string, version: number, decision: string): Promise<Pack> =>
  post(`${AT}/${id}/reject`, { version, decision })

/** Lines of a text area as a list: trimmed, without empty ones. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
