/** Scorecards: criteria, their weights, and which of them are a veto. */

import { get, post, put } from '@/api/plain'

export type Criterion = { code: string; zh: string; en: string; weight: number; is_critical: boolean; rules: string[] }
export type Scorecard = {
  id: string | null
  name: string
  passing: number
  creditor_id: string | null
  is_active: boolean
  criteria: Criterion[]
  version: number | null
}
export type ScorecardBody = Pick<Scorecard, 'name' | 'passing' | 'creditor_id' | 'is_active' | 'criteria'>

export const scorecards = (): Promise<Scorecard[]> => get('quality/scorecards')
export const save = (card: Scorecard, body: ScorecardBody): Promise<Scorecard> =>
  card.id === null
    ? post('quality/scorecards', body)
    : put(`quality/scorecards/${card.id}`, { ...body, version: card.version })

export const weightOf = (criteria: readonly Criterion[]): number =>
  criteria.reduce((sum, criterion) => sum + criterion.weight, 0)
