/** Statements of money received: their lines, what became of each, and what a line may be matched with. */

import { get, post } from '@/api/plain'
import type { Page } from '@/api/types'
import type { Figure } from '@/kit/FigureRow.vue'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export type LineState = 'waiting' | 'matched' | 'proposed' | 'unmatched' | 'set_aside'

export type Statement = {
  id: string
  creditor_id: string
  creditor_name: string
  file_name: string
  lines_count: number
  total_fen: number
  imported_at: string
  waiting: number
  matched: number
  left: number
  set_aside: number
  waiting_fen: number
  matched_fen: number
  left_fen: number
  set_aside_fen: number
}

export type Candidate = { case_id: string; serial_no: string; debtor_name_masked: string }

export type StatementLine = {
  id: string
  statement_id: string
  row: number
  paid_on: string
  amount_fen: number
  account_tail: string | null
  serial_no: string | null
  payer_masked: string | null
  reference: string | null
  state: LineState
  doubt: string | null
  payment_id: string | null
  candidates: Candidate[]
  version: number
}

export type Taken = { statement: Statement; rejected: { row: number; reason: string }[] }

/** What a line is booked on: a payment that was claimed, or a case for which nobody claimed it. */
export type Target = { payment_id: string } | { case_id: string }

export const LINE_STATES: readonly LineState[] = ['proposed', 'unmatched', 'matched', 'set_aside', 'waiting']
export const LEFT: readonly LineState[] = ['proposed', 'unmatched']
export const LINE_TONES: Record<LineState, Tone> = {
  waiting: 'note',
  matched: 'good',
  proposed: 'warn',
  unmatched: 'bad',
  set_aside: 'plain',
}
/** A line that was set aside may still be matched. */
export const isOpen = (line: StatementLine): boolean => line.state !== 'matched' && line.state !== 'waiting'

/** Doubts the matching knows; what was set aside carries somebody's own words. */
export const DOUBTS: ReadonlySet<string> = new Set([
  'nobody_fits',
  'several_fit',
  'too_little_said',
  'not_claimed',
  'seen_before',
  'already_booked',
  'payment_reversed',
])

export const statementsPage = (query: Record<string, unknown>): Promise<Page<Statement>> =>
  get('casework/statements', query)
export const statement = (id: string): Promise<Statement> => get(`casework/statements/${id}`)
export const linesPage = (query: Record<string, unknown>): Promise<Page<StatementLine>> =>
  get('casework/statement-lines', query)
export const match = (lineId: string, target: Target): Promise<StatementLine> =>
  post(`casework/statement-lines/${lineId}/match`, target)
export const setAside = (lineId: string, reason: string): Promise<StatementLine> =>
  post(`casework/statement-lines/${lineId}/set-aside`, { reason })

type Sums = Pick<Statement, 'total_fen' | 'waiting_fen' | 'matched_fen' | 'left_fen' | 'set_aside_fen'>

/** What is missing between the total and its parts: nothing, when the statement agrees to the fen. */
export const gapOf = (one: Sums): number =>
  one.total_fen - one.waiting_fen - one.matched_fen - one.left_fen - one.set_aside_fen

export function figuresOf(one: Statement, t: (key: string, named?: Record<string, unknown>) => string): Figure[] {
  const part = (key: 'matched' | 'left' | 'set_aside' | 'waiting'): Figure => ({
    key,
    label: t(`statements.figure.${key}`, { n: one[key] }),
    fen: one[`${key}_fen`],
    isTrouble: key === 'left' && one.left > 0,
  })
  return [
    { key: 'total', label: t('statements.figure.total', { n: one.lines_count }), fen: one.total_fen },
    part('matched'),
    part('left'),
    part('set_aside'),
    ...(one.waiting > 0 ? [part('waiting')] : []),
  ]
}

export function lineColumns(t: (key: string) => string): Column<StatementLine>[] {
  const title = (key: string): string => t(`statements.line.${key}`)
  return [
    { key: 'paid_on', title: title('paid_on'), width: '108px', isHead: true },
    { key: 'amount', title: title('amount'), width: '140px', align: 'right', sort: 'amount' },
    { key: 'payer', title: title('payer'), width: '110px', text: (line) => line.payer_masked },
    { key: 'tail', title: title('tail'), width: '90px', text: (line) => line.account_tail },
    { key: 'serial_no', title: title('serial_no'), width: '160px' },
    { key: 'reference', title: title('reference') },
    { key: 'state', title: title('state'), width: '110px' },
    { key: 'doubt', title: title('doubt') },
  ]
}

export function statementColumns(t: (key: string) => string): Column<Statement>[] {
  const title = (key: string): string => t(`statements.column.${key}`)
  return [
    { key: 'file_name', title: title('file_name'), isHead: true },
    { key: 'creditor', title: title('creditor'), text: (one) => one.creditor_name },
    { key: 'imported_at', title: title('imported_at'), width: '140px' },
    { key: 'lines_count', title: title('lines_count'), width: '80px', align: 'right' },
    { key: 'total', title: title('total'), width: '150px', align: 'right' },
    { key: 'matched', title: title('matched'), width: '150px', align: 'right' },
    { key: 'left', title: title('left'), width: '150px', align: 'right' },
  ]
}
