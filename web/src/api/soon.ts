/** Rooms of the API that are agreed and not yet in its document; what arrives there leaves here. */

import type { Outcome, Page, Paging } from './types'

export type AuditEntry = {
  seq: number
  at: string
  actor: { id: string; name: string } | null
  ip: string | null
  action: string
  action_zh: string
  action_en: string
  target: { kind: string; id: string } | null
  outcome: Outcome
  facts: Record<string, unknown>
  hash: string
}
export type AuditVerdict = {
  entries: number
  intact: boolean
  faults: { seq: number; fault: string; sentence_zh: string; sentence_en: string }[]
}
export type AuditFilter = Paging & {
  actor?: string
  action?: string
  outcome?: Outcome
  from?: string
  to?: string
  target?: string
}
type Op<Answer, Query = never, Path = never, Body = never> = {
  parameters: ([Query] extends [never] ? { query?: never } : { query?: Query }) &
    ([Path] extends [never] ? { path?: never } : { path: Path }) & { header?: never; cookie?: never }
  responses: { 200: { content: { 'application/json': Answer } } }
} & ([Body] extends [never]
  ? { requestBody?: never }
  : { requestBody: { content: { 'application/json': Body } } })
export interface SoonPaths {
  '/api/v1/identity/audit': { get: Op<Page<AuditEntry>, AuditFilter> }
  '/api/v1/identity/audit/verify': { post: Op<AuditVerdict> }
}
