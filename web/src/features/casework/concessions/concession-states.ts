/** Concessions: kinds, states and their tones, and what a kind lets somebody choose. */

import type { ConcessionKind, ConcessionState } from '@/api/casework-types'
import type { Tone } from '@/kit/StatePill.vue'

export const CONCESSION_KINDS: readonly ConcessionKind[] = [
  'lump_sum_settlement',
  'instalment_relief',
  'penalty_waiver',
  'interest_waiver',
  'fee_waiver',
  'principal_only',
  'principal_waiver',
  'extension',
  'interest_freeze',
]

/** Components a waiver of each kind may touch. */
export const COVERED: Partial<Record<ConcessionKind, readonly string[]>> = {
  penalty_waiver: ['penalty_interest', 'late_charge'],
  interest_waiver: ['interest'],
  fee_waiver: ['fee'],
  principal_waiver: ['principal'],
}

/** Kinds for which somebody names the sum that is to be paid. */
export const HAS_SUM: ReadonlySet<ConcessionKind> = new Set(['lump_sum_settlement', 'instalment_relief'])
export const MOST_INSTALMENTS = 60

const TONES: Partial<Record<ConcessionState, Tone>> = {
  submitted: 'note',
  first_review: 'note',
  creditor_review: 'note',
  approved: 'good',
  effective: 'good',
  performing: 'good',
  completed: 'good',
  expired: 'warn',
  broken: 'bad',
  rejected: 'bad',
}
export const concessionTone = (state: string): Tone => TONES[state as ConcessionState] ?? 'plain'
export const CONCESSION_STATES: readonly ConcessionState[] = [
  'submitted',
  'first_review',
  'creditor_review',
  'approved',
  'effective',
  'performing',
  'completed',
  'expired',
  'broken',
  'rejected',
  'withdrawn',
]

/** States in which it can still be decided or taken back. */
export const IN_REVIEW: ReadonlySet<ConcessionState> = new Set(['submitted', 'first_review', 'creditor_review'])
/** States in which it can be taken back, also once it is granted. */
export const TAKEN_BACK: ReadonlySet<ConcessionState> = new Set([...IN_REVIEW, 'approved'])
