/**
 * The phone of whoever sits here: her state as the house keeps it, the call she is on, and the line to her browser.
 * It outlives every page of the desk, so that a talk goes on while somebody looks things up.
 */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { Refusal } from '@/api/failure'
import { get, post, remove } from '@/api/plain'
import { useSession } from '@/api/session'
import { useLive } from '@/live/live'
import type { Notice } from '@/live/connection'
import { makeJsSipWire } from '@/softphone/jssip'
import { isThere, RESTING, type Phone } from '@/softphone/machine'
import { Softphone } from '@/softphone/softphone'
import { holdPhone } from '@/softphone/tab'
import type { Credentials } from '@/softphone/wire'
import type { AgentState, AskedFor, PhoneKind, Reason } from '../agents/agents'
import { callOf, isOver, type Call, type Mode, type Phase } from '../calls/calls'
import { forgetReady, rememberReady, wasReady } from './ready-again'
import { learn } from './server-time'

export type Engine = { switch: string | null; is_well: boolean }

export type MyAgent = {
  agent_id: string
  extension: string
  phone_kind: PhoneKind
  is_there: boolean
  state: AgentState
  reason: Reason | null
  since: string
  call_id: string | null
  wrap_up_until: string | null
  engine: Engine
}

/** Without an extension there is no agent, and nothing but the engine is told of. */
type OwnPhone = MyAgent | { agent_id: null; engine: Engine }

/** What a phone registers with, as the house hands it out. */
type Lease = Omit<Credentials, 'ice_servers'> & { ice_servers: string[] }

/** Who hears of a call the moment it is told of, and once: the subject comes with the news. */
type Popped = (subject: { kind: string; id: string }) => void

const GATHER_MS = 120
const AGAIN_MS = 700
const MOST_TRIES = 5

export const usePhone = defineStore('phone', () => {
  const session = useSession()
  const live = useLive()
  const agent = shallowRef<MyAgent | null>(null)
  const call = shallowRef<Call | null>(null)
  const line = shallowRef<Phone>(RESTING)
  const isRehearsal = ref(false)
  /** A call of somebody else that she takes part in. */
  const watching = shallowRef<{ callId: string; mode: Mode } | null>(null)
  const isHere = computed(() => isThere(line.value))
  /** She was asked into a call that is somebody else's. */
  const isGuest = computed(() => call.value?.guest?.agent_id === agent.value?.agent_id && agent.value !== null)
  const listeners = new Set<Popped>()
  let soon: ReturnType<typeof setTimeout> | undefined
  let wrapUp: ReturnType<typeof setTimeout> | undefined
  let isArrived = false
  let popped: string | undefined
  let tries = 0

  const softphone = new Softphone({
    makeWire: makeJsSipWire,
    ask: logIn,
    isFinal: (thrown) => thrown instanceof Refusal && thrown.status < 500 && thrown.status !== 429,
    onChange: (phone) => {
      const isMoved = phone.line !== line.value.line
      line.value = phone
      if (isMoved) refreshSoon()
      if (phone.talk === 'none') watching.value = null
    },
  })

  async function logIn(): Promise<Credentials> {
    const kind = agent.value?.phone_kind ?? 'browser'
    const lease = await post<Lease>('telephony/phone', { kind })
    isRehearsal.value = lease.engine === 'rehearsal'
    return {
      ...lease,
      ice_servers: lease.ice_servers.map((urls) => ({ urls })),
      // Who speaks into another phone than this page has no sound here either.
      engine: kind === 'browser' ? lease.engine : 'rehearsal',
    }
  }

  /** Come to the phone, if there is one for this person; from another tab or log-in only when told to. */
  async function arrive(isTaking = false): Promise<void> {
    if (isArrived && !isTaking) return
    isArrived = true
    await refresh()
    if (agent.value === null) return
    listenOnce()
    if (!(await holdPhone(() => softphone.tell({ kind: 'taken_over' }), isTaking))) {
      softphone.tell({ kind: 'taken_over' })
      return
    }
    // The switch rings again for a talk that a reload has cut.
    if (call.value !== null && !isOver(call.value)) softphone.tell({ kind: 'asked' })
    softphone.tell({ kind: 'come' })
  }

  async function leave(): Promise<void> {
    softphone.tell({ kind: 'leave' })
    await remove('telephony/phone')
    isArrived = false
    forgetReady()
    await refresh()
  }

  async function refresh(): Promise<void> {
    const own = await get<OwnPhone>('telephony/phone')
    if (own.agent_id === null) {
      agent.value = null
      call.value = null
      return
    }
    learn(own.since)
    await look(own.call_id)
    agent.value = own
    expectEndOfWrapUp(own)
    await getReadyAgain(own)
    // The house hears of a phone that came or went a moment after we do.
    if (isHere.value !== own.is_there && tries < MOST_TRIES) {
      tries += 1
      refreshSoon(AGAIN_MS)
    } else tries = 0
  }

  async function getReadyAgain({ state, reason, is_there: isThereToo }: MyAgent): Promise<void> {
    if (state !== 'not_ready' || reason !== 'logged_in' || !isThereToo || !isHere.value) return
    if (wasReady(session.person?.id)) await turn('telephony/phone/state', { to: 'ready' }).catch(() => refreshSoon())
  }

  async function look(callId: string | null): Promise<void> {
    if (callId === null) {
      if (call.value !== null && !isOver(call.value)) softphone.tell({ kind: 'asked_in_vain' })
      call.value = null
      return
    }
    const seen = await callOf(callId)
    call.value = seen
    learn(seen.asked_at)
    softphone.tell({ kind: 'held', isHeld: seen.phase === 'held' })
    if (isOver(seen)) softphone.tell({ kind: 'asked_in_vain' })
  }

  function expectEndOfWrapUp({ state, wrap_up_until: until }: MyAgent): void {
    clearTimeout(wrapUp)
    if (state === 'wrap_up' && until !== null)
      wrapUp = setTimeout(() => refreshSoon(), Math.max(1000, leftUntil(until) + 500))
  }
  const leftUntil = (until: string): number => Date.parse(until) - learn(agent.value?.since ?? null)

  function refreshSoon(wait = GATHER_MS): void {
    clearTimeout(soon)
    // Who is away asks again when Anmi is back.
    soon = setTimeout(() => void refresh().catch(() => undefined), wait)
  }

  let isListening = false
  function listenOnce(): void {
    if (isListening) return
    isListening = true
    live.listen('calls', hear)
    addEventListener('pagehide', () => {
      if (agent.value?.state === 'ready' && isHere.value && session.person) rememberReady(session.person.id)
    })
    live.listen('phone', (notice) => {
      if (notice === null || notice.about.holder_id === session.person?.id) refreshSoon()
    })
  }

  function hear(notice: Notice | null): void {
    if (notice !== null) {
      if (notice.about.holder_id !== session.person?.id) return
      const { call_id: id, phase, subject_kind: kind, subject_id: subject } = notice.about
      // What the news itself says is shown at once; the rest is asked for.
      if (call.value !== null && call.value.id === id && phase !== undefined)
        call.value = { ...call.value, phase: phase as Phase }
      if (kind !== undefined && subject !== undefined && phase !== 'ended' && id !== popped) {
        popped = id
        for (const pop of listeners) pop({ kind, id: subject })
      }
    }
    refreshSoon()
  }

  function onPop(pop: Popped): () => void {
    listeners.add(pop)
    return () => listeners.delete(pop)
  }

  /** Ask the house for a call that rings here first, and answer it without a click. */
  async function expecting<Answer>(act: () => Promise<Answer>, isComing: (answer: Answer) => boolean): Promise<Answer> {
    softphone.tell({ kind: 'asked' })
    let answer: Answer
    try {
      answer = await act()
    } catch (thrown) {
      softphone.tell({ kind: 'asked_in_vain' })
      throw thrown
    }
    if (!isComing(answer)) softphone.tell({ kind: 'asked_in_vain' })
    refreshSoon()
    return answer
  }

  async function turn(path: string, body: object = {}): Promise<void> {
    await post(path, body)
    await refresh()
  }

  /** Take part in somebody's call; asked again it changes the way of taking part. */
  async function watch(callId: string, mode: Mode): Promise<void> {
    const act = (): Promise<unknown> => post(`telephony/calls/${callId}/monitor`, { mode })
    if (watching.value?.callId === callId) await act()
    else await expecting(act, () => true)
    watching.value = { callId, mode }
  }

  async function takeOver(callId: string): Promise<void> {
    await expecting(
      () => post(`telephony/calls/${callId}/take-over`),
      () => watching.value?.callId !== callId,
    )
    watching.value = null
  }

  async function stopWatching(): Promise<void> {
    const callId = watching.value?.callId
    watching.value = null
    if (callId !== undefined) await remove(`telephony/calls/${callId}/monitor`)
  }

  /** Something about the call she is on. */
  async function order(what: string, body: object = {}): Promise<void> {
    if (call.value !== null && !isOver(call.value)) await turn(`telephony/calls/${call.value.id}/${what}`, body)
  }

  /** The entry is written: nothing of the call is left to do. */
  async function wrappedUp(): Promise<void> {
    if (agent.value?.state !== 'wrap_up') return
    // The house may have been quicker, and who was to rest goes on resting: neither is a failure.
    await turn('telephony/phone/finish').catch(() => refreshSoon())
  }

  return {
    agent,
    call,
    line,
    isRehearsal,
    isHere,
    isGuest,
    watching,
    arrive,
    leave,
    refresh,
    onPop,
    expecting,
    order,
    watch,
    takeOver,
    stopWatching,
    wrappedUp,
    tell: (happened: Parameters<Softphone['tell']>[0]) => softphone.tell(happened),
    getReady: () => turn('telephony/phone/state', { to: 'ready' }),
    rest: (reason: AskedFor) => turn('telephony/phone/state', { to: 'not_ready', reason }),
    finish: () => turn('telephony/phone/finish'),
  }
})
