/** One file on its way in: what the API says of it, what the wizard makes of it. */

import { onBeforeUnmount } from 'vue'

export type Sheet = 'cases' | 'phones' | 'addresses' | 'payments' | 'balances' | 'recalls' | 'concessions'
export type ImportState = 'uploaded' | 'checking' | 'checked' | 'refused' | 'committing' | 'committed' | 'failed'

export type Report = {
  file_reason: string | null
  missing_columns: string[]
  header_row: number | null
  accepted: number
  rejected: number
  skipped: number
  total_fen: number
  duplicates: number
  linked_pairs: number
  columns: { mapped: Record<string, string>; unknown: string[]; dropped: string[] }
  labels: string[]
  notices: { code: string; row: number | null; about: string | null; refuses: boolean }[]
}

export type Import = {
  id: string
  placement_id: string
  sheet: Sheet
  file_name: string
  file_size: number
  state: ImportState
  declared_source: string | null
  mapping: { columns?: Record<string, string> } | null
  rows_done: number
  rows_total: number | null
  accepted: number
  rejected: number
  report: Report | null
  figures: Record<string, number> | null
  preview?: Preview | null
  fault: string | null
  created_at: string
  committed_at: string | null
  version: number
}

export type Preview = { labels: string[]; rows: { row: number; cells: string[] }[] }
export type Finding = { row: number; is_rejected: boolean; reasons: { code: string; column: string }[] }

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
export const FILE_KINDS = '.xlsx,.xls,.csv'

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

export function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

/** While a file is under way its news may be lost; whoever waits also looks now and then. */
export function useWatch(look: () => void, isNeeded: () => boolean, everyMs = 4000): void {
  const timer = setInterval(() => {
    if (isNeeded()) look()
  }, everyMs)
  onBeforeUnmount(() => clearInterval(timer))
}
