/** Statements of money received: their lines, what became of each, and what a line may be matched with. */

import type { Line, Said } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import type { operations } from '@/api/schema'
import type { Figure } from '@/kit/FigureRow.vue'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export type Statement = Said<'get_statement'>
export type StatementLine = Line<'list_statement_lines'>
export type LineState = StatementLine['state']
export type Candidate = StatementLine['candidates'][number]
export type Taken = Said<'upload_statement'>

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

type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>
export const statementsPage = (query: Query<'list_statements'>) =>
  ask(api.GET('/api/v1/casework/statements', { params: { query } }))
export const statement = (id: string) => ask(api.GET('/api/v1/casework/statements/{id}', { params: { path: { id } } }))
export const linesPage = (query: Query<'list_statement_lines'>) =>
  ask(api.GET('/api/v1/casework/statement-lines', { params: { query } }))
export const match = (id: string, target: Target) =>
  ask(api.POST('/api/v1/casework/statement-lines/{id}/match', { params: { path: { id } }, body: target }))
export const setAside = (id: string, reason: string) =>
  ask(api.POST('/api/v1/casework/statement-lines/{id}/set-aside', { params: { path: { id } }, body: { reason } }))

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
