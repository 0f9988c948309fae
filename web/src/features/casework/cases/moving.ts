/** Cases given into other hands: which, and what became of each. */

import type { AllocationRun } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { Paging } from '@/api/types'
import type { CaseQuery } from './case-filter'

/** More than this is planned as an allocation, not moved by hand. */
export const MOST_MOVED = 5000
const PART = 200

/** The ids of all cases that a filter shows: hands are changed case by case. */
export async function idsOf(filter: CaseQuery): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  do {
    const query: CaseQuery & Paging = { ...filter, limit: PART, ...(after === null ? {} : { after }) }
    const { items, next } = await ask(api.GET('/api/v1/casework/cases', { params: { query } }))
    ids.push(...items.map((line) => line.id))
    after = next ?? null
  } while (after !== null && ids.length < MOST_MOVED)
  return ids.slice(0, MOST_MOVED)
}

/** Give cases to one person, or without one back to the pool. */
export const give = (case_ids: string[], holderId: string | null, reason: string): Promise<AllocationRun> =>
  ask(
    api.POST('/api/v1/casework/allocation/reallocate', {
      body:
        holderId === null ? { case_ids, pool: true, reason } : { case_ids, pool: false, holder_id: holderId, reason },
    }),
  )

export type Moved = { done: number; refused: number; reasons: { code: string; count: number }[] }

/** What an allocation moved, and why others stayed where they were. */
export function movedOf(run: Pick<AllocationRun, 'outcomes' | 'obstacles'>, meant: number): Moved {
  const done = run.outcomes.done ?? 0
  const reasons = Object.entries({ ...run.obstacles, ...run.outcomes })
    .filter(([code, count]) => code !== 'done' && count > 0)
    .map(([code, count]) => ({ code, count }))
  return { done, refused: meant - done, reasons }
}
