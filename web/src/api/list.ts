/** A long list, one page after the other, as every list of the API is read. */

import { computed, ref, shallowRef } from 'vue'
import { onBack } from './back'
import type { Page, Paging } from './types'
import { Refusal, Unreachable } from './failure'

export const PAGE_SIZE = 50

export function useList<Item>(load: (paging: Paging) => Promise<Page<Item>>, firstSort?: string) {
  const items = shallowRef<Item[]>([])
  const total = ref<number | null>(null)
  const next = ref<string | null>(null)
  const isLoading = ref(false)
  const failure = shallowRef<Refusal | Unreachable | null>(null)
  const sort = ref(firstSort)
  let asked = 0

  async function fetch(after: string | null, limit: number): Promise<void> {
    const ticket = ++asked
    isLoading.value = true
    try {
      const page = await load({
        limit,
        ...(after === null ? {} : { after }),
        ...(sort.value === undefined ? {} : { sort: sort.value }),
      })
      // A slow answer to an older question must not overwrite a newer one.
      if (ticket !== asked) return
      items.value = after === null ? page.items : [...items.value, ...page.items]
      total.value = page.total ?? null
      next.value = page.next ?? null
      failure.value = null
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      if (ticket === asked) failure.value = thrown
    } finally {
      if (ticket === asked) isLoading.value = false
    }
  }

  /** From the top, as when filters changed. */
  async function restart(): Promise<void> {
    items.value = []
    await fetch(null, PAGE_SIZE)
  }

  /** The same stretch anew, without a flicker: something changed elsewhere. */
  const refresh = (): Promise<void> => fetch(null, Math.min(200, Math.max(PAGE_SIZE, items.value.length)))
  const more = (): Promise<void> => (next.value === null ? Promise.resolve() : fetch(next.value, PAGE_SIZE))

  onBack(() => {
    if (failure.value instanceof Unreachable) void refresh()
  })

  function sortBy(by: string): void {
    sort.value = by
    void restart()
  }

  return {
    items,
    total,
    hasMore: computed(() => next.value !== null),
    isLoading,
    failure,
    sort,
    restart,
    refresh,
    more,
    sortBy,
  }
}
