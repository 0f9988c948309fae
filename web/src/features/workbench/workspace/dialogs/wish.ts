/** What somebody wishes for a debtor, from the fields of the calculator. */

import type { ConcessionKind, Wish } from '@/api/casework-types'
import { COVERED, HAS_SUM } from '../../../casework/concessions/concession-states'

export type WishForm = {
  kind: ConcessionKind
  toPay: number | null
  /** Percent of each component that is waived. */
  percent: number
  instalments: number
  firstOn: string
  downPayment: number | null
}

/** Whole percents and tenths as an exact share: `37.5` is `0.375`. */
export function share(percent: number): string {
  const thousandths = Math.round(percent * 10)
  return thousandths >= 1000 ? '1' : `0.${String(thousandths).padStart(3, '0')}`
}

export const isPaidInParts = (form: WishForm): boolean => form.kind === 'instalment_relief' || form.instalments > 1

/** The wish, or null while something is missing. */
export function wishOf(form: WishForm): Wish | null {
  const covered = COVERED[form.kind]
  if (form.kind === 'lump_sum_settlement' && form.toPay === null) return null
  if (isPaidInParts(form) && form.firstOn === '') return null
  return {
    kind: form.kind,
    instalments: form.instalments,
    ...(covered === undefined ? {} : { shares: Object.fromEntries(covered.map((part) => [part, share(form.percent)])) }),
    ...(HAS_SUM.has(form.kind) && form.toPay !== null ? { to_pay_fen: form.toPay } : {}),
    ...(isPaidInParts(form) ? { first_due_on: form.firstOn } : {}),
    ...(isPaidInParts(form) && form.downPayment !== null ? { down_payment_fen: form.downPayment } : {}),
  }
}
