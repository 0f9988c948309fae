/** Terms while they are edited: rates as percent, amounts as yuan; the API keeps both as exact text. */

export type Step = { from: string; rate: string }
/** Any bucket is an empty one, any tier is 0. */
export type CommissionRow = { bucket: string; placement_tier: number; mode: 'slice' | 'whole'; steps: Step[] }

export const PROMISABLE = [
  'penalty_waiver',
  'interest_waiver',
  'fee_waiver',
  'principal_waiver',
  'lump_sum_settlement',
  'instalment_relief',
  'extension',
  'principal_only',
  'interest_freeze',
] as const
export const COMPONENTS = ['fee', 'late_charge', 'penalty_interest', 'interest', 'principal'] as const
export type Component = (typeof COMPONENTS)[number]

export type TermsDraft = {
  commission: CommissionRow[]
  kinds: string[]
  most_instalments: number | null
  valid_days: number | null
  order: Component[] | null
  tolerance_days: number | null
  tolerance_share: string
  keep_for_months: number | null
  return_within_days: number | null
}

type Body = { [key: string]: unknown }
const part = (body: Body, key: string): Body => (body[key] as Body | undefined) ?? {}
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** `0.125` is `12.5`: the point moves in the text, nothing is computed. */
export function percentOf(share: string): string {
  const [whole = '0', rest = ''] = share.split('.')
  const digits = whole + rest.padEnd(2, '0')
  const point = whole.length + 2
  const after = digits.slice(point).replace(/0+$/, '')
  return `${digits.slice(0, point).replace(/^0+(?=\d)/, '')}${after === '' ? '' : `.${after}`}`
}

/** `12.5` is `0.125`; null for what is no percentage between 0 and 100. */
export function shareOf(percent: string): string | null {
  const found = /^(\d{1,3})(?:\.(\d{1,7}))?$/.exec(percent.normalize('NFKC').replace(/[\s%]/g, ''))
  if (found === null) return null
  const [, whole = '0', rest = ''] = found
  const digits = whole.padStart(3, '0')
  const share = `${Number(digits.slice(0, -2))}.${digits.slice(-2)}${rest}`.replace(/\.?0+$/, '')
  return /^(0(\.\d{1,9})?|1)$/.test(share) ? share : null
}

export function draftOf(body: Body): TermsDraft {
  const concessions = part(body, 'concessions')
  const promise = part(body, 'promise')
  const rows = (body.commission ?? []) as {
    bucket?: string
    placement_tier?: number
    mode: 'slice' | 'whole'
    steps: Step[]
  }[]
  return {
    commission: rows.map((row) => ({
      bucket: row.bucket ?? '',
      placement_tier: row.placement_tier ?? 0,
      mode: row.mode,
      steps: row.steps.map((step) => ({ from: step.from, rate: percentOf(step.rate) })),
    })),
    kinds: (concessions.kinds as string[] | undefined) ?? [...PROMISABLE],
    most_instalments: number(concessions.most_instalments),
    valid_days: number(concessions.valid_days),
    order: (body.allocation_order as Component[] | undefined) ?? null,
    tolerance_days: number(promise.days),
    tolerance_share: typeof promise.share === 'string' ? percentOf(promise.share) : '',
    keep_for_months: number(body.keep_for_months),
    return_within_days: number(body.return_within_days),
  }
}

export const blankRow = (): CommissionRow => ({
  bucket: '',
  placement_tier: 0,
  mode: 'whole',
  steps: [{ from: '0', rate: '' }],
})

/** Whether every rate is one and the amounts rise from nothing. */
export function isSound(rows: readonly CommissionRow[]): boolean {
  return rows.every((row) => {
    const starts = row.steps.map((step) =>
      /^\d{1,12}(\.\d{1,2})?$/.test(step.from) ? Math.round(Number(step.from) * 100) : NaN,
    )
    return (
      starts[0] === 0 &&
      starts.every((start, at) => at === 0 || start > (starts[at - 1] ?? NaN)) &&
      row.steps.every((step) => shareOf(step.rate) !== null)
    )
  })
}

/** The body to send: what was agreed before and is not edited here stays as it was. */
export function bodyOf(draft: TermsDraft, before: Body): Body {
  const said = (entries: Body): Body =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null && value !== undefined))
  const isEveryKind = draft.kinds.length === PROMISABLE.length
  return said({
    ...before,
    commission: draft.commission.map((row) =>
      said({
        bucket: row.bucket === '' ? null : row.bucket,
        placement_tier: row.placement_tier === 0 ? null : row.placement_tier,
        mode: row.mode,
        steps: row.steps.map((step) => ({ from: step.from, rate: shareOf(step.rate) })),
      }),
    ),
    concessions: said({
      ...part(before, 'concessions'),
      kinds: isEveryKind ? null : draft.kinds,
      most_instalments: draft.most_instalments,
      valid_days: draft.valid_days,
    }),
    allocation_order: draft.order,
    promise: said({
      ...part(before, 'promise'),
      days: draft.tolerance_days,
      share: draft.tolerance_share === '' ? null : shareOf(draft.tolerance_share),
    }),
    keep_for_months: draft.keep_for_months,
    return_within_days: draft.return_within_days,
  })
}
