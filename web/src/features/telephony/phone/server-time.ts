/**
 * What the house's clock says. It may be ahead of this machine's, by far in a demo that shows a working morning at
 * night; every instant the house tells of lies in its past, so the latest of them says by how much at least.
 */

import { useNow } from '@vueuse/core'
import { computed, ref, type ComputedRef } from 'vue'

const aheadMs = ref(0)

/** Take an instant that has just been told of; answer with the house's time now, in milliseconds. */
export function learn(past: string | null, now: number = Date.now()): number {
  if (past !== null) aheadMs.value = Math.max(aheadMs.value, Date.parse(past) - now)
  return now + aheadMs.value
}

/** Seconds since an instant, counting on. */
export function useSeconds(since: () => string | null | undefined): ComputedRef<number> {
  const now = useNow({ interval: 1000 })
  return computed(() => {
    const began = since()
    return began === null || began === undefined ? 0 : secondsSince(began, now.value.getTime())
  })
}

export const secondsSince = (began: string, now: number = Date.now()): number =>
  Math.max(0, Math.floor((now + aheadMs.value - Date.parse(began)) / 1000))
