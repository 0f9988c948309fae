/**
 * What is heard of one call, kept up to date: news say only that there is more, so the rest is asked for. A reload of
 * the page or a connection that was away therefore loses nothing.
 */

import { computed, onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { useThing } from '@/api/thing'
import type { Notice } from '@/live/connection'
import { useLive } from '@/live/live'
import { lastNumber, liveCall, withLater, type LiveCall } from './live-watch'

/** Words come in bursts; so often they are asked for at most. */
const GATHER_MS = 120
/** The recogniser needs a moment after somebody answers; whoever hears nothing asks again, for a minute at most. */
const AGAIN_MS = 4000
const MOST_TRIES = 15

export function useLiveWatch(callId: MaybeRefOrGetter<string>) {
  const live = useLive()
  let again: ReturnType<typeof setTimeout> | undefined
  let gathering: ReturnType<typeof setTimeout> | undefined
  /** Told of while an answer was on its way: a busy house is asked once more, and not over and over. */
  let isMore = false
  let tries = 0

  /** The whole of what was told so far; the house is asked only for what came after it. */
  let latest: LiveCall | null = null

  const { thing, failure, isLoading, reload } = useThing(async () => {
    const id = toValue(callId)
    const told = await liveCall(id, lastNumber(latest))
    if (id === toValue(callId)) latest = withLater(latest, told)
    return latest
  })

  async function ask(): Promise<void> {
    clearTimeout(again)
    if (isLoading.value) {
      isMore = true
      return
    }
    await reload()
    if (isMore) {
      isMore = false
      return ask()
    }
    if (thing.value?.why_not !== 'NOT_YET' || tries >= MOST_TRIES) return
    tries += 1
    again = setTimeout(() => void ask(), AGAIN_MS)
  }

  function hear(notice: Notice | null): void {
    if (notice !== null && notice.about.call_id !== toValue(callId)) return
    gathering ??= setTimeout(() => {
      gathering = undefined
      void ask()
    }, GATHER_MS)
  }

  const stop = live.listen('watch', hear)
  onScopeDispose(() => {
    clearTimeout(again)
    clearTimeout(gathering)
    stop()
  })
  watch(
    () => toValue(callId),
    () => {
      thing.value = latest = null
      tries = 0
      void ask()
    },
    { immediate: true },
  )

  return {
    seen: thing,
    failure,
    reload: ask,
    take: (told: LiveCall): void => void (thing.value = latest = told),
    isReconnecting: computed(() => live.state !== 'connected'),
  }
}
