/** States, numbers and people of a case: what tone each has, and which belong together. */

import type { CaseState, HoldEffect, HoldReason, NumberState, Relation } from '@/api/casework-types'
import type { Tone } from '@/kit/StatePill.vue'

/** States that a list is filtered by, in the order of a case's life. */
export const CASE_STATES: readonly CaseState[] = [
  'awaiting_opening',
  'number_screening',
  'awaiting_allocation',
  'in_collection',
  'promised',
  'on_plan',
  'retained',
  'legal',
  'on_hold',
  'complaint_frozen',
  'dispute_review',
  'paid_in_full',
  'settled_in_full',
  'returned',
  'recalled',
]
/** What counts as somebody's load: a case that is closed asks for no more work. */
export const OPEN_STATES: readonly CaseState[] = [
  'awaiting_allocation',
  'in_collection',
  'promised',
  'on_plan',
  'retained',
  'legal',
  'on_hold',
  'complaint_frozen',
  'dispute_review',
]

const TONES: Partial<Record<CaseState, Tone>> = {
  in_collection: 'note',
  promised: 'good',
  on_plan: 'good',
  paid_in_full: 'good',
  settled_in_full: 'good',
  on_hold: 'warn',
  dispute_review: 'warn',
  complaint_frozen: 'bad',
  legal: 'warn',
}
export const stateTone = (state: CaseState): Tone => TONES[state] ?? 'plain'

/** Of the table that every product begins with. */
export const BUCKETS = ['M0', 'M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7+'] as const

/** Numbers at which nobody will be found; the gate has the last word. */
const DEAD: ReadonlySet<NumberState> = new Set(['empty', 'suspended', 'invalid_format', 'wrong_party', 'changed'])
export const numberTone = (state: NumberState): Tone =>
  state === 'active' ? 'good' : DEAD.has(state) ? 'bad' : 'plain'

const LIABLE: ReadonlySet<Relation> = new Set(['debtor', 'co_debtor', 'guarantor'])
export const isLiable = (relation: Relation): boolean => LIABLE.has(relation)

export const HOLD_REASONS: readonly HoldReason[] = [
  'dispute',
  'complaint',
  'hardship',
  'deceased',
  'bankruptcy',
  'cease_request',
]
export const HOLD_EFFECTS: readonly HoldEffect[] = ['STOP', 'PAUSE', 'HUMAN_ONLY', 'WRITTEN_ONLY']

/** Soon the creditor takes it back: from here on it is said with a tone. */
const SOON_BACK_DAYS = 7
export const isSoonBack = (days: number | null): boolean => days !== null && days <= SOON_BACK_DAYS

export const SPECIAL_GROUPS = [
  'deceased',
  'no_capacity',
  'identity_under_review',
  'suicidal',
  'bankruptcy',
  'minor',
  'severe_illness',
  'disaster',
  'epidemic',
  'disputes_debt',
  'crime_victim',
  'maternity',
  'elderly',
  'emotional',
  'disabled',
  'student',
  'soldier',
  'represented_by_lawyer',
  'imprisoned',
  'in_litigation',
] as const

/** The usual buckets, and any others that products of this agency have. */
export const bucketsOf = (found: Record<string, unknown> | undefined): string[] =>
  [...new Set([...BUCKETS, ...Object.keys(found ?? {})])].sort((one, other) => one.localeCompare(other))
