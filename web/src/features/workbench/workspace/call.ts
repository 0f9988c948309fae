/**
 * The call that is being made by hand: the gate was asked, somebody dials, and the outcome is told when the
 * entry is written. It survives a reload, since the attempt counts from the moment it was reserved.
 */

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { ContactLevel, Decision, Outcome, Phone, Purpose, ResultCode } from '@/api/casework-types'
import { Refusal } from '@/api/failure'
import { post } from '@/api/plain'
import { useSession } from '@/api/session'

export type ManualCall = {
  attemptId: string
  caseId: string
  phoneId: string
  numberMasked: string
  startedAt: number
  endedAt: number | null
}

const OUTCOMES: Partial<Record<ContactLevel, Outcome>> = { right_party: 'effective', third_party: 'effective' }

/** What a result says about the attempt: somebody was spoken to, or nobody was. */
export const outcomeOf = (result: ResultCode): Outcome =>
  result.levels.map((level) => OUTCOMES[level]).find((outcome) => outcome !== undefined) ??
  (result.code === 'REJ' ? 'answered' : 'unanswered')

export const useCall = defineStore('manual-call', () => {
  const session = useSession()
  const key = computed(() => `anmi.call.${session.person?.id ?? 'nobody'}`)
  const call = useStorage<ManualCall | null>(key, null, undefined, {
    serializer: { read: (text) => JSON.parse(text) as ManualCall | null, write: JSON.stringify },
  })
  const isTalking = computed(() => call.value !== null && call.value.endedAt === null)

  /** Ask the gate; a refusal is its answer too. */
  async function ring(caseId: string, phone: Phone, purpose: Purpose): Promise<Decision> {
    const body = { case_id: caseId, phone_id: phone.id, channel: 'voice_interactive', purpose }
    const decision = await post<Decision>('workbench/attempts', body)
    if (decision.allowed) {
      const { id: attemptId } = decision
      call.value = {
        attemptId,
        caseId,
        phoneId: phone.id,
        numberMasked: phone.number_masked,
        startedAt: Date.now(),
        endedAt: null,
      }
    }
    return decision
  }

  function hangUp(): void {
    if (call.value !== null && call.value.endedAt === null) call.value = { ...call.value, endedAt: Date.now() }
  }

  /** Tell what became of the attempt; one that was told already stays as it is. */
  async function tell(outcome: Outcome): Promise<void> {
    if (call.value === null) return
    hangUp()
    try {
      await post(`workbench/attempts/${call.value.attemptId}/outcome`, { outcome })
    } catch (thrown) {
      if (!(thrown instanceof Refusal && thrown.code === 'CONTACT_ATTEMPT_ENDED')) throw thrown
    }
  }

  function forget(): void {
    call.value = null
  }

  return { call, isTalking, ring, hangUp, tell, forget }
})
