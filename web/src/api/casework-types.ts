/** Short names for what the API's document calls the bodies of casework and the workbench. */

import type { components, operations } from './schema'

type Schemas = components['schemas']
type Json<Sent> = { content: { 'application/json': Sent } }
/** What an operation answers. Bodies of one name in two rooms are told apart by it. */
export type Said<Name extends keyof operations> = operations[Name] extends { responses: infer Answers }
  ? Answers extends { 200: Json<infer Body> } | { 201: Json<infer Body> } | { 202: Json<infer Body> }
    ? Body
    : never
  : never
/** One line of what a list answers. */
export type Line<Name extends keyof operations> = Said<Name> extends { items: (infer One)[] } ? One : never

export type Named = Schemas['NamedSeen']
export type Labels = { zh: string; en: string }

export type CaseLine = Schemas['CaseSeen']
export type CaseInFull = Schemas['CaseInFull']
export type CaseState = CaseInFull['state']
export type Capability = Schemas['Capability']
export type Phone = CaseInFull['phones'][number]
export type StandingHold = CaseInFull['holds'][number]
export type CaseConcession = CaseInFull['concessions'][number]
export type Relation = Schemas['Relation']
export type NumberState = Schemas['NumberState']
export type ContactSource = Schemas['ContactSource']
export type HoldReason = Schemas['HoldReason']
export type HoldEffect = Schemas['Effect']
export type SpecialGroup = Schemas['SpecialGroup']
export type TimelineEntry = Schemas['TimelineEntrySeen']
export type TimelineKind = TimelineEntry['kind']
export type CaseFigures = Schemas['FiguresSeen']
export type SavedView = Schemas['SavedViewSeen']
export type BulkAnswer = Schemas['BulkAnswer']
export type AllocationRun = Said<'get_run'>

export type CodeTable = Schemas['CodeTableSeen']
export type ResultCode = Schemas['ResultCodeSeen']
export type ContactLevel = Schemas['ContactLevel']
export type DemandedField = ResultCode['required'][number]
export type NoteTemplate = { id: string; result_code: string; text: string }
export type NewActivity = Schemas['ActivityToRecord']

export type CaseGate = Schemas['CaseGateSeen']
export type ChannelGate = Schemas['ChannelGateSeen']
export type Purpose = Schemas['Purpose']
export type Decision = Schemas['DecisionSeen']
export type Outcome = Schemas['ContactOutcome']['outcome']

export type Today = Schemas['TodaySeen']

export type Concession = Schemas['ConcessionSeen']
export type ConcessionKind = Concession['kind']
export type ConcessionState = Concession['state']
export type WishOfCase = Schemas['WishOfCase']
export type Proposal = Schemas['ProposalSeen']
export type ProposedInstallment = Proposal['installments'][number]

export type WorkOrder = Schemas['OrderSeen']
export type WorkOrderKind = Schemas['OrderKindSeen']
export type WorkOrderState = WorkOrder['state']
export type NewWorkOrder = Schemas['OrderToOpen']
