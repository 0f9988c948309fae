/** Commission statements: what a creditor pays for a period, and what the sums come to. */

import type { Line, Said } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export type Commission = Said<'get_commission_statement'>
export type CommissionState = Commission['state']
export type Group = NonNullable<Commission['groups']>[number]
export type CommissionLine = Line<'list_commission_lines'>

export type Period = { from_on: string; until_on: string }

export const COMMISSION_TONES: Record<CommissionState, Tone> = { draft: 'note', sent: 'warn', agreed: 'good' }

const ROOM = '/api/v1/casework/commission'
const one = (id: string) => ({ params: { path: { id } } })
export const commissionsPage = (query: Paging & { creditor_id?: string }) => ask(api.GET(ROOM, { params: { query } }))
export const commission = (id: string) => ask(api.GET(`${ROOM}/{id}`, one(id)))
export const linesPage = (id: string, query: Paging) =>
  ask(api.GET(`${ROOM}/{id}/lines`, { params: { path: { id }, query } }))
/** The same period once more reckons a draft anew. */
export const draft = (creditor_id: string, { from_on, until_on }: Period) =>
  ask(api.POST(ROOM, { body: { creditor_id, from_on, until_on } }))
export const move = ({ id, version }: Pick<Commission, 'id' | 'version'>, to: 'send' | 'agree') =>
  ask(api.POST(`${ROOM}/{id}/${to}`, { ...one(id), body: { version } }))

export type Sums = { payments: number; base_fen: number; commission_fen: number }

export const sumOf = (groups: readonly Group[]): Sums =>
  groups.reduce(
    (sum, group) => ({
      payments: sum.payments + group.payments,
      base_fen: sum.base_fen + group.base_fen,
      commission_fen: sum.commission_fen + group.commission_fen,
    }),
    { payments: 0, base_fen: 0, commission_fen: 0 },
  )

/**
 * Hundredths of a percent, to the nearest: each payment's commission is cut to the fen, and 8% of many payments would
 * otherwise read as 7.99%. The sums themselves are exact.
 */
function percent(part: bigint, whole: bigint): string {
  if (whole === 0n) return '—'
  const isBelow = part < 0n !== whole < 0n
  const [above, below] = [part < 0n ? -part : part, whole < 0n ? -whole : whole]
  const hundredths = (above * 20_000n + below) / (below * 2n)
  const rest = String(hundredths % 100n)
    .padStart(2, '0')
    .replace(/0+$/, '')
  return `${isBelow && hundredths > 0n ? '-' : ''}${hundredths / 100n}${rest === '' ? '' : `.${rest}`}%`
}

/** `3/20` is `15%`. */
export function rateText(rate: string): string {
  const [part = '0', whole = '1'] = rate.split('/')
  return percent(BigInt(part), BigInt(whole))
}

/** What a statement comes to in all. */
export const overallRate = ({ commission_fen, base_fen }: Pick<Sums, 'commission_fen' | 'base_fen'>): string =>
  percent(BigInt(commission_fen), BigInt(base_fen))

/** The month before the one of `today`, from its first day to its last. */
export function monthBefore(today: string): Period {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const day = (at: Date): string => at.toISOString().slice(0, 10)
  return { from_on: day(new Date(Date.UTC(year, month - 2, 1))), until_on: day(new Date(Date.UTC(year, month - 1, 0))) }
}

export function commissionColumns(t: (key: string) => string): Column<Commission>[] {
  const title = (key: string): string => t(`commission.column.${key}`)
  return [
    { key: 'creditor', title: title('creditor'), isHead: true, text: (one) => one.creditor_name },
    { key: 'period', title: title('period'), width: '220px', text: (one) => `${one.from_on} – ${one.until_on}` },
    { key: 'state', title: title('state'), width: '110px' },
    { key: 'base', title: title('base'), width: '160px', align: 'right' },
    { key: 'commission', title: title('commission'), width: '150px', align: 'right' },
    { key: 'rate', title: title('rate'), width: '100px', align: 'right', text: overallRate },
    { key: 'made_at', title: title('made_at'), width: '140px' },
  ]
}
