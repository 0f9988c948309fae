/** The live floor: agents and their calls side by side, what is worth a look, and the figures of the wallboard. */

import { get } from '@/api/plain'
import type { Figure } from '@/kit/FigureRow.vue'
import type { Agent, AgentState, Reason } from '../agents/agents'
import { isTalk, type Call, type Phase } from '../calls/calls'

export type FloorAgent = Omit<Agent, 'has_number' | 'version'>
export type FloorCall = Pick<
  Call,
  'id' | 'direction' | 'phase' | 'agent_id' | 'person_id' | 'number_masked' | 'asked_at' | 'connected_at'
>
export type Floor = {
  at: string
  agents: FloorAgent[]
  calls: FloorCall[]
  waiting: number
  engine: { switch: string | null; is_well: boolean }
}

export const floorNow = (): Promise<Floor> => get('telephony/floor')

export const WARNINGS = ['long_talk', 'long_hold', 'long_ring', 'long_wait', 'long_wrap_up', 'long_rest'] as const
export type Warning = (typeof WARNINGS)[number]

/** A talk is too long after as many seconds as the agency has set for its alarms. */
export const longTalk = async (): Promise<number> =>
  (await get<{ overlong_seconds: number }>('quality/live/policy')).overlong_seconds
export const USUAL_TALK = 1800

/** Seconds after which somebody should have a look; nobody sets these. */
const LONG = { hold: 120, ring: 75, wait: 60, wrapUp: 180, rest: 1800 }

export type Place = { agent: FloorAgent; call: FloorCall | null }

const ORDER: readonly AgentState[] = ['on_call', 'reserved', 'wrap_up', 'ready', 'not_ready', 'offline']
/** Rests that nobody chose are worth a look at once. */
const UNASKED: readonly (Reason | null)[] = ['missed_call', 'phone_lost']

/** Who is in a call first, then who could be; among equals whoever has been there the longest. */
export function places(floor: Pick<Floor, 'agents' | 'calls'>): Place[] {
  const byId = new Map(floor.calls.map((call) => [call.id, call]))
  const byAgent = new Map(floor.calls.map((call) => [call.agent_id, call]))
  return floor.agents
    .map((agent) => ({ agent, call: byId.get(agent.call_id ?? '') ?? byAgent.get(agent.id) ?? null }))
    .sort(
      (one, other) =>
        ORDER.indexOf(one.agent.state) - ORDER.indexOf(other.agent.state) ||
        one.agent.since.localeCompare(other.agent.since),
    )
}

/** Calls that nobody has taken yet. */
export const unattended = (floor: Pick<Floor, 'agents' | 'calls'>): FloorCall[] =>
  floor.calls.filter(({ agent_id: id }) => id === null || floor.agents.every((agent) => agent.id !== id))

/** What is worth a look; `since` counts the seconds from an instant until now. */
export function warningsOf(
  { agent, call }: Place,
  since: (instant: string) => number,
  longTalk = USUAL_TALK,
): Warning[] {
  const found: Warning[] = []
  if (call !== null) found.push(...callWarnings(call, since, longTalk))
  const stands = since(agent.since)
  if (agent.state === 'wrap_up' && stands > LONG.wrapUp) found.push('long_wrap_up')
  if (agent.state === 'not_ready' && (stands > LONG.rest || UNASKED.includes(agent.reason))) found.push('long_rest')
  return found
}

export function callWarnings(call: FloorCall, since: (instant: string) => number, longTalk = USUAL_TALK): Warning[] {
  const talked = call.connected_at === null ? 0 : since(call.connected_at)
  if (call.phase === 'held' && talked > LONG.hold) return ['long_hold']
  if (isTalk(call)) return talked > longTalk ? ['long_talk'] : []
  const waited = since(call.asked_at)
  if (call.phase === 'waiting') return waited > LONG.wait ? ['long_wait'] : []
  return waited > LONG.ring ? ['long_ring'] : []
}

export function figures(floor: Floor, t: (key: string) => string): Figure[] {
  const inState = (state: AgentState): number => floor.agents.filter((agent) => agent.state === state).length
  const inPhase = (...phases: Phase[]): number => floor.calls.filter(({ phase }) => phases.includes(phase)).length
  const figure = (key: string, count: number, isTrouble = false): Figure => ({
    key,
    label: t(`telephony.floor.figure.${key}`),
    count,
    isTrouble,
  })
  return [
    figure('there', floor.agents.length - inState('offline')),
    figure('ready', inState('ready')),
    figure('on_call', inState('on_call')),
    figure('wrap_up', inState('wrap_up')),
    figure('not_ready', inState('not_ready')),
    figure('ringing', inPhase('asked', 'agent_ringing', 'dialling', 'ringing')),
    figure('talking', inPhase('talking', 'held')),
    figure('waiting', floor.waiting, floor.waiting > 0),
  ]
}
