/**
 * The call that is at hand: one the phone made, or one somebody dials herself after the gate was asked. Either wants
 * its entry before the next; it survives a reload, since it counts from the moment it was reserved.
 */

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import type { ContactLevel, Decision, Outcome, Phone, Purpose, ResultCode } from '@/api/casework-types'
import { get, post } from '@/api/plain'
import { useSession } from '@/api/session'
import { isOver, type Call, type Ending } from '../../telephony/calls/calls'
import { usePhone } from '../../telephony/phone/phone'
import { secondsSince } from '../../telephony/phone/server-time'

export type CallAtHand = {
  caseId: string
  phoneId: string | null
  numberMasked: string
  startedAt: number
  endedAt: number | null
  /** What the gate has reserved; a debtor who calls back needs none. */
  attemptId: string | null
  /** Of a call over the phone. */
  callId: string | null
  isInbound: boolean
  isAnswered: boolean
  ending: Ending | null
}

/** What the house answers to one click: the gate's decision, and the call if there is one. */
export type Dialled = Pick<Decision, 'allowed' | 'reason_zh' | 'reason_en' | 'until'> & {
  attempt_id: string
  call_id: string | null
}

/** What the house knows of the call she is in or has to wrap up; a page that was loaded anew asks for it. */
type Current = { call_id: string; attempt_id: string | null }

const OUTCOMES: Partial<Record<ContactLevel, Outcome>> = { right_party: 'effective', third_party: 'effective' }

/** What a result says about the attempt: somebody was spoken to, or nobody was. */
export const outcomeOf = (result: ResultCode): Outcome =>
  result.levels.map((level) => OUTCOMES[level]).find((outcome) => outcome !== undefined) ??
  (result.code === 'REJ' ? 'answered' : 'unanswered')

/** A call of the phone as the workspace keeps it. */
export const atHand = (call: Call, caseId: string, now: number = Date.now()): CallAtHand => ({
  caseId,
  phoneId: call.point_id,
  numberMasked: call.number_masked,
  startedAt: now - secondsSince(call.asked_at, now) * 1000,
  endedAt: isOver(call) ? now : null,
  attemptId: null,
  callId: call.id,
  isInbound: call.direction === 'inbound',
  isAnswered: call.connected_at !== null,
  ending: call.ending,
})

export const useCall = defineStore('call-at-hand', () => {
  const session = useSession()
  const phone = usePhone()
  const key = computed(() => `anmi.call.${session.person?.id ?? 'nobody'}`)
  const call = useStorage<CallAtHand | null>(key, null, undefined, {
    serializer: { read: (text) => JSON.parse(text) as CallAtHand | null, write: JSON.stringify },
  })
  const isTalking = computed(() => call.value !== null && call.value.endedAt === null)
  const isByHand = computed(() => call.value !== null && call.value.callId === null)

  watch(
    () => phone.call,
    (now, before) => {
      if (now !== null) follow(now)
      else if (before !== null && before !== undefined) overUnseen(before.id)
    },
    { immediate: true },
  )

  function follow(now: Call): void {
    if (now.subject_kind !== 'case' || now.subject_id === null) return
    const mine = call.value?.callId === now.id
    // Of a call that was over before it was seen here, nothing is asked any more.
    if (!mine && isOver(now)) return
    const before = mine ? call.value : null
    const next = atHand(now, now.subject_id)
    call.value = {
      ...next,
      startedAt: before?.startedAt ?? next.startedAt,
      endedAt: before?.endedAt ?? next.endedAt,
      attemptId: before?.attemptId ?? null,
    }
    if (!mine) void recallAttempt(now.id)
  }

  /** Of a call this browser has not asked for itself the house tells what the gate has reserved. */
  async function recallAttempt(callId: string): Promise<void> {
    const current = await get<Current | null>('workbench/calls/current').catch(() => null)
    if (current?.call_id === callId && call.value?.callId === callId)
      call.value = { ...call.value, attemptId: current.attempt_id }
  }

  function overUnseen(callId: string): void {
    if (call.value?.callId === callId) hangUp()
  }

  /** Ask the gate for a call that is dialled by hand; a refusal is its answer too. */
  async function ringByHand(caseId: string, to: Phone, purpose: Purpose): Promise<Decision> {
    const body = { case_id: caseId, phone_id: to.id, channel: 'voice_interactive', purpose }
    const decision = await post<Decision>('workbench/attempts', body)
    if (decision.allowed) {
      call.value = {
        caseId,
        phoneId: to.id,
        numberMasked: to.number_masked,
        startedAt: Date.now(),
        endedAt: null,
        attemptId: decision.id,
        callId: null,
        isInbound: false,
        isAnswered: true,
        ending: null,
      }
    }
    return decision
  }

  /** One click: her own phone first, then the debtor's. */
  async function ringByPhone(caseId: string, to: Phone, purpose: Purpose): Promise<Dialled> {
    const body = { case_id: caseId, phone_id: to.id, purpose }
    const dialled = await phone.expecting(
      () => post<Dialled>('workbench/calls', body),
      ({ allowed }) => allowed,
    )
    if (dialled.allowed) {
      call.value = {
        caseId,
        phoneId: to.id,
        numberMasked: to.number_masked,
        startedAt: Date.now(),
        endedAt: null,
        attemptId: dialled.attempt_id,
        callId: dialled.call_id,
        isInbound: false,
        isAnswered: false,
        ending: null,
      }
    }
    return dialled
  }

  function hangUp(): void {
    if (call.value !== null && call.value.endedAt === null) call.value = { ...call.value, endedAt: Date.now() }
  }

  function forget(): void {
    call.value = null
  }

  return { call, isTalking, isByHand, ringByHand, ringByPhone, hangUp, forget }
})
