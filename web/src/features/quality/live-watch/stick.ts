/** A list that grows at its end and stays there, until somebody scrolls back to read. */

import { useResizeObserver } from '@vueuse/core'
import { nextTick, ref, watch, type Ref } from 'vue'

/** So near to the end still counts as the end, in pixels. */
const NEAR = 24

export function useStick(list: Ref<HTMLElement | undefined>, count: () => number) {
  const isAtEnd = ref(true)
  /** What came while somebody was reading further up. */
  const unread = ref(0)

  function scrolled(): void {
    const box = list.value
    if (box === undefined) return
    isAtEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR
    if (isAtEnd.value) unread.value = 0
  }

  function toEnd(): void {
    const box = list.value
    if (box !== undefined) box.scrollTop = box.scrollHeight
    isAtEnd.value = true
    unread.value = 0
  }

  watch(count, async (now, before) => {
    if (!isAtEnd.value) {
      unread.value += Math.max(0, now - before)
      return
    }
    await nextTick()
    toEnd()
  })

  // What stands above the list grows and shrinks; the newest line stays in sight.
  useResizeObserver(list, () => {
    if (isAtEnd.value) toEnd()
  })

  return { isAtEnd, unread, scrolled, toEnd }
}
