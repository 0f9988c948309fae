/** Calls as everybody on the phone floor speaks of them: their phases, endings and colours. */

import type { NumberState } from '@/api/casework-types'
import { get } from '@/api/plain'
import type { Tone } from '@/kit/StatePill.vue'

export type Direction = 'outbound' | 'inbound'

export const PHASES = ['asked', 'agent_ringing', 'dialling', 'ringing', 'waiting', 'talking', 'held', 'ended'] as const
export type Phase = (typeof PHASES)[number]

export const ENDINGS = [
  'hung_up',
  'released',
  'no_answer',
  'timed_out',
  'busy',
  'rejected',
  'empty_number',
  'suspended',
  'changed',
  'powered_off',
  'unreachable',
  'incomplete_number',
  'barred',
  'congested',
  'media_lost',
  'offline',
  'failed',
] as const
export type Ending = (typeof ENDINGS)[number]

/** Who was asked into a talk: rung still, or there. */
export type Guest = { agent_id: string; name: string; extension: string | null; is_there: boolean }

export type Call = {
  id: string
  direction: Direction
  phase: Phase
  number_masked: string
  subject_kind: string | null
  subject_id: string | null
  point_id: string | null
  asked_at: string
  ringing_at: string | null
  connected_at: string | null
  ended_at: string | null
  ending: Ending | null
  number_state: NumberState | null
  ended_by: string | null
  refused_reason: string | null
  agent_id: string | null
  person_id: string | null
  guest: Guest | null
}

export const MODES = ['listen', 'whisper', 'barge'] as const
export type Mode = (typeof MODES)[number]

export const isOver = (call: Pick<Call, 'phase'>): boolean => call.phase === 'ended'
export const isTalk = (call: Pick<Call, 'phase'>): boolean => call.phase === 'talking' || call.phase === 'held'

export const PHASE_TONES: Record<Phase, Tone> = {
  asked: 'plain',
  agent_ringing: 'plain',
  dialling: 'note',
  ringing: 'note',
  waiting: 'warn',
  talking: 'good',
  held: 'warn',
  ended: 'plain',
}

export const callOf = (id: string): Promise<Call> => get(`telephony/calls/${id}`)
