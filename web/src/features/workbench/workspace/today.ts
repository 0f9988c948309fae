/** The working day: its lists with their counts, what was achieved, and the queue that is being worked down. */

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import type { CaseLine, Today } from '@/api/casework-types'
import { useList } from '@/api/list'
import { get } from '@/api/plain'
import { useSession } from '@/api/session'
import { useThing } from '@/api/thing'
import type { Page } from '@/api/types'

export const useToday = defineStore('today', () => {
  const chosen = useStorage('anmi.today.list', 'due_promises')
  const q = useStorage('anmi.today.search', '', sessionStorage)
  const session = useSession()
  /** Lists of the day are for those who work cases; others search. */
  const hasLists = computed(() => session.may('cases.work'))
  const { thing: today, failure: todayFailure, reload } = useThing(() => get<Today>('workbench/today'))
  const queue = useList<CaseLine>(
    (paging) =>
      get<Page<CaseLine>>('casework/cases', {
        ...paging,
        ...(q.value !== '' ? { q: q.value } : { list: hasLists.value ? chosen.value : 'all' }),
      }),
    '-priority',
  )
  watch([chosen, q], queue.restart)

  const lists = computed(() => today.value?.lists ?? [])

  async function refresh(): Promise<void> {
    await Promise.all([hasLists.value ? reload() : undefined, queue.refresh()])
  }

  /** The case after this one; from the last, or from one that is not in the queue, the first. */
  function after(id: string | null): CaseLine | null {
    const items = queue.items.value
    const at = items.findIndex((line) => line.id === id)
    if (at >= items.length - 3 && queue.hasMore.value && !queue.isLoading.value) void queue.more()
    const next = items[at + 1] ?? items[0]
    return next === undefined || next.id === id ? null : next
  }

  return { chosen, q, hasLists, today, todayFailure, lists, queue, reload, refresh, after }
})
