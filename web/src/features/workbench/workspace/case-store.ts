/**
 * Cases that were opened, with what stands around them, by their ids. A tab shows what is here at once
 * and asks for news behind the screen.
 */

import { defineStore } from 'pinia'
import { reactive } from 'vue'
import type { CaseGate, CaseInFull, CaseLine, TimelineEntry } from '@/api/casework-types'
import { Refusal, Unreachable } from '@/api/failure'
import { get } from '@/api/plain'
import type { Page } from '@/api/types'

export type KnownCase = {
  full: CaseInFull | null
  gate: CaseGate | null
  timeline: TimelineEntry[]
  more: string | null
  linked: CaseLine[] | null
  failure: Refusal | Unreachable | null
  isLoading: boolean
}

const KEPT = 60
const PAGE = 40

export const useCases = defineStore('known-cases', () => {
  const known = reactive(new Map<string, KnownCase>())
  const asked = new Map<string, number>()

  function of(id: string): KnownCase {
    if (!known.has(id)) {
      known.set(id, { full: null, gate: null, timeline: [], more: null, linked: null, failure: null, isLoading: false })
      forgetOldest()
    }
    return known.get(id) as KnownCase
  }

  function forgetOldest(): void {
    for (const id of [...known.keys()].slice(0, Math.max(0, known.size - KEPT))) known.delete(id)
  }

  async function refresh(id: string): Promise<void> {
    const here = of(id)
    const ticket = (asked.get(id) ?? 0) + 1
    asked.set(id, ticket)
    here.isLoading = true
    try {
      const [full, gate, timeline] = await Promise.all([
        get<CaseInFull>(`casework/cases/${id}`),
        get<CaseGate>(`workbench/contact-gate/cases/${id}`),
        get<Page<TimelineEntry>>(`casework/cases/${id}/timeline`, {
          limit: Math.max(PAGE, Math.min(200, here.timeline.length)),
        }),
      ])
      // A slow answer to an older question must not overwrite a newer one.
      if (asked.get(id) !== ticket) return
      Object.assign(here, { full, gate, timeline: timeline.items, more: timeline.next ?? null, failure: null })
      if (full.linked_count === 0) here.linked = []
      else here.linked = await get<CaseLine[]>(`casework/cases/${id}/linked`)
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      if (asked.get(id) !== ticket) return
      here.failure = thrown
      // What was taken back may not be looked at any longer, not even from memory.
      if (thrown instanceof Refusal && (thrown.status === 404 || thrown.status === 403)) {
        Object.assign(here, { full: null, gate: null, timeline: [], more: null, linked: null })
      }
    } finally {
      if (asked.get(id) === ticket) here.isLoading = false
    }
  }

  /** Everything about a case, asked for only if it is not here yet. */
  async function load(id: string): Promise<void> {
    const here = of(id)
    if (here.full === null && !here.isLoading) await refresh(id)
  }

  async function readOn(id: string): Promise<void> {
    const here = of(id)
    if (here.more === null) return
    const page = await get<Page<TimelineEntry>>(`casework/cases/${id}/timeline`, { limit: PAGE, after: here.more })
    here.timeline = [...here.timeline, ...page.items]
    here.more = page.next ?? null
  }

  return { of, load, refresh, readOn, isKnown: (id: string) => known.has(id) }
})
