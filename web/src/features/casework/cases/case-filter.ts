/** The case list's filters: how they stand in the address, and what the API is asked. */

import type { operations } from '@/api/schema'
import { readYuan } from '@/kit/money'

/** Several values of one filter stand in the address with commas between them. */
export const FILTERS = [
  'q',
  'list',
  'state',
  'bucket',
  'creditor_id',
  'placement_id',
  'holder_id',
  'unit_id',
  'pool',
  'reach',
  'hold',
  'special',
  'owing_from',
  'owing_to',
  'dpd_from',
  'dpd_to',
  'last_result',
  'no_activity_days',
] as const
export type FilterName = (typeof FILTERS)[number]
export type Filters = Partial<Record<FilterName, string>>

const SEVERAL: ReadonlySet<FilterName> = new Set(['state', 'bucket', 'creditor_id', 'placement_id', 'last_result'])
const MONEY: ReadonlySet<FilterName> = new Set(['owing_from', 'owing_to'])
const NUMBERS: ReadonlySet<FilterName> = new Set(['dpd_from', 'dpd_to', 'no_activity_days'])
const FLAGS: ReadonlySet<FilterName> = new Set(['pool', 'hold', 'special'])

export const several = (value: string | undefined): string[] => (value ?? '').split(',').filter((one) => one !== '')

/** As `anmi.casework.cases` filters its lists. */
export type CaseQuery = NonNullable<operations['count_cases']['parameters']['query']>

/** What the API is asked; a number that is none leaves nothing out. */
export function asked(filters: Filters): CaseQuery {
  const query: Record<string, unknown> = {}
  for (const name of FILTERS) {
    const value = filters[name] ?? ''
    if (value === '') continue
    if (SEVERAL.has(name)) query[name] = several(value)
    else if (FLAGS.has(name)) query[name] = value === 'true'
    else if (MONEY.has(name)) {
      const fen = readYuan(value)
      if (fen !== null) query[name] = fen
    } else if (NUMBERS.has(name)) {
      if (/^\d{1,5}$/.test(value)) query[name] = Number(value)
    } else query[name] = value
  }
  return query as CaseQuery
}

/** A saved view as filters, with nothing that this list does not know. */
export function filtersOf(body: Record<string, unknown>): Filters {
  const kept = body.filters
  if (kept === null || typeof kept !== 'object') return {}
  return Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = (kept as Record<string, unknown>)[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
}
