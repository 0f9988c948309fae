/** What somebody wishes for a debtor, from the fields of the calculator. */

import type { ConcessionKind, WishOfCase } from '@/api/casework-types'
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
export function wishOf(caseId: string, form: WishForm): WishOfCase | null {
  const covered = COVERED[form.kind]
  if (form.kind === 'lump_sum_settlement' && form.toPay === null) return null
  if (isPaidInParts(form) && form.firstOn === '') return null
  return {
    case_id: caseId,
    kind: form.kind,
    instalments: form.instalments,
    down_payment_fen: isPaidInParts(form) ? (form.downPayment ?? 0) : 0,
    ...(covered === undefined
      ? {}
      : { components: Object.fromEntries(covered.map((part) => [part, share(form.percent)])) }),
    ...(HAS_SUM.has(form.kind) && form.toPay !== null ? { to_pay_fen: form.toPay } : {}),
    ...(isPaidInParts(form) ? { first_on: form.firstOn } : {}),
  }
}
