/** The open cases, side by side. Which are open survives a reload; closing one keeps its draft. */

import { useStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import { useSession } from '@/api/session'

type Open = { ids: string[]; active: string | null }

/** More than this nobody overlooks: the tab that was opened first makes room. */
export const MOST_TABS = 20

export const useTabs = defineStore('case-tabs', () => {
  const session = useSession()
  const key = computed(() => `anmi.tabs.${session.person?.id ?? 'nobody'}`)
  const open = useStorage<Open>(key, { ids: [], active: null })
  const ids = computed(() => open.value.ids)
  const active = computed({
    get: () => open.value.active,
    set: (id) => (open.value = { ...open.value, active: id }),
  })
  watch(ids, (now) => {
    if (active.value !== null && !now.includes(active.value)) active.value = now.at(-1) ?? null
  })

  function show(id: string): void {
    const others = ids.value.includes(id) ? ids.value : [...ids.value, id].slice(-MOST_TABS)
    open.value = { ids: others, active: id }
  }

  function close(id: string): void {
    const at = ids.value.indexOf(id)
    if (at < 0) return
    const left = ids.value.filter((other) => other !== id)
    const next = active.value === id ? (left[at] ?? left[at - 1] ?? null) : active.value
    open.value = { ids: left, active: next }
  }

  function closeAll(): void {
    open.value = { ids: [], active: null }
  }

  /** The tab beside the active one, round and round. */
  function turn(by: 1 | -1): void {
    const count = ids.value.length
    if (count === 0) return
    const at = ids.value.indexOf(active.value ?? '')
    active.value = ids.value[(at + by + count) % count] ?? null
  }

  return { ids, active, show, close, closeAll, turn }
})
