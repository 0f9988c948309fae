/** Batches of cases that creditors gave us: what the API says of them, and how a list shows it. */

import type { Said } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export type PlacementInFull = Said<'get_placement'>
export type Placement = Omit<PlacementInFull, 'figures'>
export type PlacementState = Placement['state']
export type Figures = PlacementInFull['figures']
export type StateFigures = Figures['by_state'][number]

export type Life = 'pause' | 'resume' | 'recall' | 'return'

const one = (id: string) => ({ params: { path: { id } } })
export const placementsPage = (query: Paging & { creditor_id?: string; state?: PlacementState; q?: string }) =>
  ask(api.GET('/api/v1/casework/placements', { params: { query } }))
export const placementOf = (id: string) => ask(api.GET('/api/v1/casework/placements/{id}', one(id)))
export const turnTo = (id: string, life: Life, reason: string) =>
  ask(api.POST(`/api/v1/casework/placements/{id}/${life}`, { ...one(id), body: { reason } }))

export const PLACEMENT_STATES: readonly PlacementState[] = ['importing', 'active', 'paused', 'recalled', 'returned']
export const PLACEMENT_TONES: Record<PlacementState, Tone> = {
  importing: 'note',
  active: 'good',
  paused: 'warn',
  recalled: 'plain',
  returned: 'plain',
}

/** Which turns a batch may take from where it stands. */
export const TURNS: Record<PlacementState, readonly Life[]> = {
  importing: [],
  active: ['pause', 'recall', 'return'],
  paused: ['resume', 'recall', 'return'],
  recalled: [],
  returned: [],
}

/** Money back of what was placed, in percent with one decimal, cut and not rounded up. */
export function liquidation({ paid_fen, placed_fen }: Pick<Figures, 'paid_fen' | 'placed_fen'>): number {
  return placed_fen === 0 ? 0 : Math.floor((paid_fen * 1000) / placed_fen) / 10
}

export function placementColumns(t: (key: string) => string): Column<Placement>[] {
  const title = (key: string): string => t(`placements.column.${key}`)
  return [
    { key: 'code', title: title('code'), sort: 'code', isHead: true, width: '150px' },
    { key: 'creditor', title: title('creditor'), text: (row) => row.creditor.name },
    { key: 'product', title: title('product'), text: (row) => row.product.name },
    { key: 'tier', title: title('tier'), width: '70px' },
    { key: 'placed_on', title: title('placed_on'), sort: 'placed_on', width: '108px' },
    { key: 'due_back_on', title: title('due_back_on'), width: '108px' },
    { key: 'state', title: title('state'), width: '96px' },
    { key: 'cases_count', title: title('cases_count'), align: 'right', width: '90px' },
    { key: 'placed_fen', title: title('placed_fen'), align: 'right', width: '140px' },
  ]
}
