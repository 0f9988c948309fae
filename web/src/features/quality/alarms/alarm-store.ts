/** Alarms that wait for somebody: known on every page of the desk, counted in the menu, and heard if wished. */

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { Refusal, Unreachable } from '@/api/failure'
import { useSession } from '@/api/session'
import { useLive } from '@/live/live'
import { learn } from '../../telephony/phone/server-time'
import { alarmsPage, byUrgency, UNANSWERED, type Alarm } from './alarms'
import { chime } from './chime'

/** A wall longer than this is not read any more. */
const MOST = 200
const GATHER_MS = 120

export const useAlarms = defineStore('alarms', () => {
  const session = useSession()
  const waiting = shallowRef<readonly Alarm[]>([])
  /** The gravest of those that have just come. */
  const news = shallowRef<Alarm | null>(null)
  const failure = shallowRef<Refusal | Unreachable | null>(null)
  const isLoaded = ref(false)
  const hasSound = useStorage('anmi.alarms.sound', true)
  const mayAnswer = computed(() => session.may('alarms.answer'))
  let soon: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function refresh(): Promise<void> {
    if (!mayAnswer.value) return
    const ticket = ++asked
    try {
      const { items } = await alarmsPage({ status: UNANSWERED, limit: MOST })
      if (ticket !== asked) return
      const known = new Set(waiting.value.map(({ id }) => id))
      const come = isLoaded.value ? byUrgency(items.filter(({ id }) => !known.has(id))) : []
      for (const { at } of items) learn(at)
      waiting.value = byUrgency(items)
      isLoaded.value = true
      failure.value = null
      if (come[0] === undefined) return
      news.value = come[0]
      if (hasSound.value) chime()
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      if (ticket === asked) failure.value = thrown
    }
  }

  useLive().listen('alarms', () => {
    clearTimeout(soon)
    soon = setTimeout(() => void refresh(), GATHER_MS)
  })
  watch(
    () => [session.person?.id, mayAnswer.value],
    () => {
      waiting.value = []
      news.value = null
      isLoaded.value = false
      void refresh()
    },
    { immediate: true },
  )

  return { waiting, news, failure, isLoaded, hasSound, mayAnswer, refresh }
})
