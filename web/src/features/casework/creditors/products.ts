/** Bucket and stage tables of a product while they are edited. */

import { said } from '@/words'
import type { Product } from './creditors'

export type Bucket = { code: string; min_dpd: number; max_dpd: number | null }
export type Stage = { code: string; zh: string; en: string; from_dpd: number; next: string[] }

export const bucketsOf = (product: Product): Bucket[] =>
  product.buckets.map((row) => ({
    code: String(row.code),
    min_dpd: Number(row.min_dpd),
    max_dpd: typeof row.max_dpd === 'number' ? row.max_dpd : null,
  }))

export const stagesOf = (product: Product): Stage[] =>
  product.stages.map((row) => ({
    code: String(row.code),
    zh: String(row.zh),
    en: String(row.en),
    from_dpd: Number(row.from_dpd),
    next: Array.isArray(row.next) ? row.next.map(String) : [],
  }))

export const bucketText = ({ code, min_dpd, max_dpd }: Bucket, noEnd: string): string =>
  max_dpd === null
    ? `${code} · ${min_dpd} ${noEnd}`
    : min_dpd === max_dpd
      ? `${code} · ${min_dpd}`
      : `${code} · ${min_dpd}–${max_dpd}`

export const stageText = (stage: Stage): string => `${said(stage)} · ≥ ${stage.from_dpd}`

/** As the API takes it: the last bucket has no end and does not say one. */
export const rowsOf = (buckets: readonly Bucket[]): { [key: string]: unknown }[] =>
  buckets.map(({ max_dpd, ...row }) => (max_dpd === null ? row : { ...row, max_dpd }))

/** A bucket that begins where the last one will end. */
export function following(buckets: readonly Bucket[]): Bucket[] {
  const last = buckets.at(-1)
  if (last === undefined) return [{ code: 'M0', min_dpd: 0, max_dpd: null }]
  const end = last.max_dpd ?? last.min_dpd + 29
  return [...buckets.slice(0, -1), { ...last, max_dpd: end }, { code: '', min_dpd: end + 1, max_dpd: null }]
}
