/** The offers for the call that is to be written down: asked for at hang-up, and anew when more was understood. */

import { computed, onScopeDispose, ref, watch } from 'vue'
import { useThing } from '@/api/thing'
import { useLive } from '@/live/live'
import type { Notice } from '@/live/connection'
import { heardOf, offersOf } from './note-offer'

/** The last words are understood a moment after the hang-up, those of the recording later. */
const AGAIN_MS = [1500, 4000, 10_000] as const
const GATHER_MS = 300

export function useNoteOffer(callId: () => string | null) {
  const live = useLive()
  const isSetAside = ref(false)
  let timers: ReturnType<typeof setTimeout>[] = []
  const {
    thing: heard,
    isLoading,
    reload,
  } = useThing(async () => {
    const id = callId()
    return id === null ? null : heardOf(id)
  })

  /** A slow answer is waited for, and not thrown away for a newer question. */
  const ask = (): void => void (isLoading.value ? askIn(GATHER_MS) : reload())
  const askIn = (wait: number): void => void timers.push(setTimeout(ask, wait))
  function forget(): void {
    for (const timer of timers) clearTimeout(timer)
    timers = []
  }
  function hear(notice: Notice | null): void {
    if (callId() !== null && (notice === null || notice.about.call_id === callId())) askIn(GATHER_MS)
  }
  const stops = [live.listen('watch', hear), live.listen('transcripts', hear)]
  onScopeDispose(() => {
    forget()
    for (const stop of stops) stop()
  })

  watch(
    callId,
    (id) => {
      forget()
      heard.value = null
      isSetAside.value = false
      if (id === null) return
      void reload()
      for (const wait of AGAIN_MS) askIn(wait)
    },
    { immediate: true },
  )

  const offers = computed(() => (heard.value === null || isSetAside.value ? [] : offersOf(heard.value)))
  return { offers, setAside: () => (isSetAside.value = true) }
}
