/** Opening of a placement's cases: what a run found, and the rules it went by. */

import type { Line, Said } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

export type OpeningRun = Said<'get_opening_run'>
export type OpenedCase = Line<'list_opened_cases'>
export type OpeningRules = Said<'get_opening_rules'>
export type Reach = OpenedCase['reach']

export const REACHES: readonly Reach[] = ['reachable', 'dead', 'unknown']
export const REACH_TONES: Record<Reach, Tone> = { reachable: 'good', dead: 'bad', unknown: 'plain' }

const ofPlacement = (id: string) => ({ params: { path: { id } } })
export const runsOf = (placementId: string) =>
  ask(api.GET('/api/v1/casework/placements/{id}/opening-runs', ofPlacement(placementId)))
export const start = (placementId: string) =>
  ask(api.POST('/api/v1/casework/placements/{id}/opening-runs', ofPlacement(placementId)))
export const openedPage = (id: string, query: Paging & { reach?: Reach }) =>
  ask(api.GET('/api/v1/casework/opening-runs/{id}/cases', { params: { path: { id }, query } }))
export const openingRules = () => ask(api.GET('/api/v1/casework/opening/rules'))
export const writeRules = (body: OpeningRules) => ask(api.PUT('/api/v1/casework/opening/rules', { body }))

export const doneShare = ({ cases_done, cases_total }: Pick<OpeningRun, 'cases_done' | 'cases_total'>): number =>
  cases_total === 0 ? 100 : Math.floor((cases_done * 100) / cases_total)
