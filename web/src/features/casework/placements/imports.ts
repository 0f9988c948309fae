/** One file on its way in: what the API says of it, what the wizard makes of it. */

import { onBeforeUnmount } from 'vue'
import type { Line, Said } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import { download } from '@/api/files'
import type { Paging } from '@/api/types'

type Kept = Said<'get_import'>
export type Sheet = Kept['sheet']
export type ImportState = Kept['state']
export type Preview = NonNullable<Kept['preview']>
export type Finding = Line<'list_findings'>

/** What the check wrote down of a file; a list of a placement's has no sums and no links. */
export type Report = {
  file_reason: string | null
  missing_columns: string[]
  skipped: number
  total_fen?: number
  duplicates?: number
  linked_pairs?: number
  columns: { mapped: Record<string, string>; unknown: string[]; dropped: string[] }
  labels: string[]
}

/** A file; its first rows are told of a single one, not in lists. */
export type Import = Omit<Kept, 'report' | 'mapping' | 'preview'> & {
  report: Report | null
  mapping: { columns?: Record<string, string> } | null
  preview?: Preview | null
}

const one = (id: string) => ({ params: { path: { id } } })
// The document of the API leaves open what a report says; the check always writes it so.
const told = (kept: unknown): Import => kept as Import

export const importOf = async (id: string): Promise<Import> =>
  told(await ask(api.GET('/api/v1/casework/imports/{id}', one(id))))
export const importsPage = async (query: Paging & { placement_id: string }) => {
  const page = await ask(api.GET('/api/v1/casework/imports', { params: { query } }))
  return { ...page, items: page.items.map(told) }
}
export const findingsPage = (id: string, query: Paging) =>
  ask(api.GET('/api/v1/casework/imports/{id}/findings', { params: { path: { id }, query } }))
export const readOtherwise = (file: Import, columns: Record<string, string>, source: string) =>
  ask(
    api.PATCH('/api/v1/casework/imports/{id}', {
      ...one(file.id),
      body: {
        version: file.version,
        mapping: { ...file.mapping, columns },
        declared_source: source === '' ? null : (source as (typeof SOURCES)[number]),
      },
    }),
  )
export const carryOver = (id: string) => ask(api.POST('/api/v1/casework/imports/{id}/commit', one(id)))
export const forget = (id: string) => ask(api.DELETE('/api/v1/casework/imports/{id}', one(id)))
/** The rows that were not taken, as the same sheet with a column that says why. */
export const fetchFindings = (file: Import, word: string): Promise<void> =>
  download(`casework/imports/${file.id}/findings.xlsx`, `${file.file_name.replace(/\.\w+$/, '')}-${word}.xlsx`)

export const SHEETS: readonly Sheet[] = [
  'cases',
  'phones',
  'addresses',
  'payments',
  'balances',
  'recalls',
  'concessions',
]
/** The six lawful channels of rule CONTACT_SOURCE. */
export const SOURCES = ['contract', 'on_file', 'debtor_consent', 'public', 'named_contact', 'credit_bureau'] as const

export type Stage = 'choose' | 'check' | 'review' | 'commit' | 'done'
export const STAGES: readonly Stage[] = ['choose', 'check', 'review', 'commit', 'done']

/** Where the wizard stands with a file. */
export function stageOf(one: Import | null): Stage {
  switch (one?.state) {
    case undefined:
      return 'choose'
    case 'uploaded':
    case 'checking':
      return 'check'
    case 'checked':
    case 'refused':
      return 'review'
    case 'committing':
    case 'failed':
      return 'commit'
    case 'committed':
      return 'done'
  }
}

export const isUnderWay = (one: Import): boolean => ['uploaded', 'checking', 'committing'].includes(one.state)

/** How far the rows have come, in whole percent; null while nobody knows how many there are. */
export function progressOf(one: Pick<Import, 'rows_done' | 'rows_total'>): number | null {
  if (one.rows_total === null || one.rows_total === 0) return null
  return Math.min(100, Math.floor((one.rows_done * 100) / one.rows_total))
}

/** While a file is under way its news may be lost; whoever waits also looks now and then. */
export function useWatch(look: () => void, isNeeded: () => boolean, everyMs = 4000): void {
  const timer = setInterval(() => {
    if (isNeeded()) look()
  }, everyMs)
  onBeforeUnmount(() => clearInterval(timer))
}
