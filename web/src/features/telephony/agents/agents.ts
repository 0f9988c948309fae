/** Agents: their states, why they rest, and what they speak into. */

import { get } from '@/api/plain'
import type { Tone } from '@/kit/StatePill.vue'

export const AGENT_STATES = ['offline', 'ready', 'not_ready', 'reserved', 'on_call', 'wrap_up'] as const
export type AgentState = (typeof AGENT_STATES)[number]

/** Reasons a person may give; the others are the house's own. */
export const ASKED_FOR = ['break', 'meal', 'meeting', 'training', 'paperwork'] as const
export type AskedFor = (typeof ASKED_FOR)[number]
export type Reason = AskedFor | 'logged_in' | 'missed_call' | 'phone_lost'

export const PHONE_KINDS = ['browser', 'sip', 'mobile'] as const
export type PhoneKind = (typeof PHONE_KINDS)[number]

export const AGENT_TONES: Record<AgentState, Tone> = {
  offline: 'plain',
  ready: 'good',
  not_ready: 'warn',
  reserved: 'note',
  on_call: 'note',
  wrap_up: 'warn',
}

export type Agent = {
  id: string
  person_id: string
  name: string
  unit_id: string
  unit_name: string
  extension: string
  phone_kind: PhoneKind
  has_number: boolean
  is_there: boolean
  state: AgentState
  reason: Reason | null
  since: string
  call_id: string | null
  version: number
}

export type Span = {
  state: AgentState
  reason: Reason | null
  call_id: string | null
  began_at: string
  ended_at: string | null
}

type Translate = (key: string) => string

/** The state in words, with the reason of a rest. */
export function stateWords(agent: { state: AgentState; reason: Reason | null }, t: Translate): string {
  const state = t(`telephony.agentState.${agent.state}`)
  return agent.state === 'not_ready' && agent.reason !== null
    ? `${state} · ${t(`telephony.reason.${agent.reason}`)}`
    : state
}

export const agents = (): Promise<Agent[]> => get('telephony/agents')
export const spansOf = (agentId: string, on: string): Promise<Span[]> =>
  get(`telephony/agents/${agentId}/spans`, { on })

/** Seconds spent in each state of a day; the open stretch counts until now. */
export function secondsIn(spans: readonly Span[], now: number): Partial<Record<AgentState, number>> {
  const sums: Partial<Record<AgentState, number>> = {}
  for (const { state, began_at: began, ended_at: ended } of spans) {
    const until = ended === null ? now : Date.parse(ended)
    sums[state] = (sums[state] ?? 0) + Math.max(0, Math.round((until - Date.parse(began)) / 1000))
  }
  return sums
}
