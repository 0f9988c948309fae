/** Creditors, what was agreed with them, and their products, as the API says them. */

import { api, ask } from '@/api/client'
import type { components } from '@/api/schema'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

type Schemas = components['schemas']
export type Creditor = Schemas['CreditorSeen']
export type CreditorKind = Creditor['kind']
export type CreditorState = Creditor['state']
export type Terms = Schemas['TermsSeen']
export type Product = Schemas['ProductSeen']

export const KINDS: readonly CreditorKind[] = [
  'bank',
  'consumer_finance',
  'auto_finance',
  'micro_loan',
  'assisted_lending',
  'private',
]
export const STATES: readonly CreditorState[] = ['active', 'ended']
export const STATE_TONES: Record<CreditorState, Tone> = { active: 'good', ended: 'plain' }

export const productsOf = (creditorId: string): Promise<Product[]> =>
  ask(api.GET('/api/v1/casework/creditors/{id}/products', { params: { path: { id: creditorId } } }))

/** A code as the API takes it: it stands in file names and on statements. */
export const isCode = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/.test(text)

export function creditorColumns(t: (key: string) => string): Column<Creditor>[] {
  return [
    { key: 'code', title: t('creditors.column.code'), sort: 'code', width: '140px' },
    { key: 'name', title: t('creditors.column.name'), sort: 'name', isHead: true },
    { key: 'kind', title: t('creditors.column.kind'), width: '160px', text: (row) => t(`creditors.kind.${row.kind}`) },
    { key: 'state', title: t('creditors.column.state'), width: '120px' },
  ]
}
