/** Bodies of the casework rooms, as the desk uses them. Amounts are whole fen, days `2026-03-05`. */

export type Named = { id: string; name: string }
export type Labels = { zh: string; en: string }

export type CaseState =
  | 'validating'
  | 'awaiting_opening'
  | 'number_screening'
  | 'awaiting_allocation'
  | 'in_collection'
  | 'promised'
  | 'on_plan'
  | 'retained'
  | 'legal'
  | 'on_hold'
  | 'complaint_frozen'
  | 'dispute_review'
  | 'paid_in_full'
  | 'settled_in_full'
  | 'returned'
  | 'recalled'
  | 'archived'
  | 'purged'
export type Capability =
  | 'read'
  | 'note'
  | 'call'
  | 'send_sms'
  | 'send_letter'
  | 'visit'
  | 'take_promise'
  | 'ask_concession'
  | 'sign_plan'
  | 'post_payment'
  | 'allocate'
export type Relation = 'debtor' | 'co_debtor' | 'guarantor' | 'related_third_party' | 'unrelated_third_party'
export type NumberState =
  | 'active'
  | 'empty'
  | 'suspended'
  | 'powered_off'
  | 'suspect_off'
  | 'unreachable'
  | 'busy'
  | 'silent'
  | 'risk'
  | 'changed'
  | 'wrong_party'
  | 'invalid_format'
  | 'unknown'
export type ContactSource = 'contract' | 'on_file' | 'debtor_consent' | 'public' | 'named_contact' | 'credit_bureau'

type CaseFacts = {
  id: string
  serial_no: string
  creditor: Named
  product: Named
  placement: Named
  state: CaseState
  stage: string | null
  bucket: string
  dpd: number
  placed_fen: number
  owing_fen: number
  paid_fen: number
  priority: number
  holder: Named | null
  unit: Named | null
  is_held: boolean
  is_special: boolean
  days_to_due_back: number | null
  last_activity_at: string | null
  last_result: string | null
  next_action_at: string | null
  created_at: string
  version: number
}

export type CaseLine = CaseFacts & { debtor: Named; city: string | null }

export type Phone = {
  id: string
  kind: string
  relation: Relation
  relation_text: string | null
  number_masked: string
  name_masked: string | null
  source: ContactSource
  carrier: string | null
  province: string | null
  city: string | null
  state: NumberState
  state_at: string | null
  is_right_party: boolean | null
  asked_to_stop_at: string | null
  is_suppressed: boolean
}
export type Account = {
  id: string
  number_masked: string | null
  contract_no: string | null
  components: Record<string, number>
  owing_fen: number
  credit_limit_fen: number | null
  loan_on: string | null
  statement_day: number | null
}
export type StandingPromise = { id: string; amount_fen: number; due_on: string; received_fen: number; taken_at: string; version: number }
export type Installment = { number: number; due_on: string; amount_fen: number; received_fen: number; state: string }
export type StandingPlan = { id: string; total_fen: number; signed_on: string; is_oral: boolean; installments: Installment[] }
export type CaseConcession = { id: string; kind: string; state: string; waived_fen: number; payable_fen: number; asked_at: string; valid_until: string | null }
export type HoldReason = 'dispute' | 'complaint' | 'hardship' | 'deceased' | 'bankruptcy' | 'cease_request'
export type HoldEffect = 'STOP' | 'PAUSE' | 'HUMAN_ONLY' | 'WRITTEN_ONLY'
export type StandingHold = { id: string; reason: HoldReason; effect: HoldEffect; note: string; until: string | null; placed_at: string }

export type CaseInFull = CaseFacts & {
  placed_on: string
  due_back_on: string | null
  placed_bucket: string
  tier: number
  placement_state: string
  waived_fen: number
  limitation_on: string | null
  closing_reason: string | null
  closed_at: string | null
  debtor: {
    id: string
    name: string
    name_masked: string
    id_number_masked: string
    gender: string | null
    age: number | null
    province: string | null
    city: string | null
  }
  accounts: Account[]
  phones: Phone[]
  addresses: { id: string; kind: string; text_masked: string; source: string }[]
  promise: StandingPromise | null
  plan: StandingPlan | null
  concessions: CaseConcession[]
  holds: StandingHold[]
  flags: { id: string; flag: string; note: string; flagged_at: string; reviewed_until: string | null }[]
  rate_notice: { implied: string; cap: string; excess_fen: number; source: string } | null
  capabilities: Capability[]
  linked_count: number
}

export type TimelineKind = 'event' | 'stage' | 'activity' | 'promise' | 'payment' | 'concession' | 'hold' | 'attempt' | 'work_order'
export type TimelineEntry = { kind: TimelineKind; id: string; at: string; by: Named | null; facts: Record<string, unknown> }

type Sum = { count: number; owing_fen: number }
export type CaseFigures = Sum & { by_state: Record<string, Sum>; by_bucket: Record<string, Sum> }

export type SavedView = { id: string; name: string; body: Record<string, unknown>; version: number }

export type Answered = { case_id: string; done: boolean; code: string | null; zh: string | null; en: string | null }
export type BulkAnswer = { done: number; refused: number; items: Answered[] }

export type ActionCode = Labels & { code: string }
export type DemandedField = 'promise_amount' | 'promise_due_on' | 'claimed_amount' | 'claimed_on' | 'call_back_at' | 'dispute_reason' | 'new_number' | 'note'
export type ContactLevel = 'right_party' | 'third_party' | 'no_contact' | 'system' | 'message' | 'action'
export type ResultCode = Labels & {
  code: string
  levels: ContactLevel[]
  required: DemandedField[]
  follows: string[]
  may_be_chosen: boolean
}
export type CodeTable = { version: string; actions: ActionCode[]; results: ResultCode[] }
export type NoteTemplate = { id: string; result_code: string; text: string }

export type NewActivity = {
  case_id: string
  action_code: string
  result_code: string
  note: string
  phone_id?: string
  attempt_id?: string
  next_action_at?: string
  promise?: { amount_fen: number; due_on: string }
  claim?: { amount_fen: number; paid_on: string }
  dispute_reason?: string
  new_number?: { number: string }
}

export type Channel = 'voice_interactive' | 'voice_inform' | 'sms' | 'letter' | 'visit'
export type Purpose = 'collect' | 'remind' | 'locate' | 'relay'
export type RuleVerdict = {
  rule_id: string
  zh: string
  en: string
  source: string
  standing: 'satisfied' | 'in_the_way' | 'out_of_scope' | 'not_in_force'
  reason_zh: string | null
  reason_en: string | null
  until: string | null
}
export type ChannelGate = {
  channel: Channel
  purpose: Purpose
  allowed: boolean
  rule_id: string | null
  reason_zh: string | null
  reason_en: string | null
  until: string | null
  verdicts: RuleVerdict[]
}
export type PointGate = { phone_id: string | null; address_id: string | null; relation: Relation; state: NumberState; channels: ChannelGate[] }
export type CaseGate = { case_id: string; at: string; pack_version: string; points: PointGate[] }
export type Decision = {
  id: string
  case_id: string
  phone_id: string | null
  allowed: boolean
  rule_id: string | null
  reason_zh: string | null
  reason_en: string | null
  until: string | null
}
export type Outcome = 'effective' | 'answered' | 'abandoned' | 'unanswered'

export type TodayList = Labels & { code: string; count: number }
export type Today = {
  lists: TodayList[]
  figures: { calls: number; talk_seconds: number; promises: number; promised_fen: number; recovered_fen: number }
}

export type ConcessionKind =
  | 'penalty_waiver'
  | 'interest_waiver'
  | 'fee_waiver'
  | 'principal_waiver'
  | 'lump_sum_settlement'
  | 'instalment_relief'
  | 'extension'
  | 'principal_only'
  | 'interest_freeze'
export type ConcessionState =
  | 'draft'
  | 'submitted'
  | 'first_review'
  | 'creditor_review'
  | 'approved'
  | 'effective'
  | 'performing'
  | 'completed'
  | 'expired'
  | 'broken'
  | 'rejected'
  | 'withdrawn'

export type ProposedInstallment = { number: number; due_on: string; amount_fen: number }
export type Wish = {
  kind: ConcessionKind
  shares?: Record<string, string>
  to_pay_fen?: number
  instalments: number
  first_due_on?: string
  down_payment_fen?: number
}
export type Proposal = {
  payable_fen: number
  waived_fen: number
  owed: Record<string, number>
  pays: Record<string, number>
  waives: Record<string, number>
  installments: ProposedInstallment[]
  roles: string[]
  creditor_decides: boolean
}
export type Concession = {
  id: string
  case_id: string
  serial_no: string
  creditor_name: string
  debtor_name_masked: string
  kind: ConcessionKind
  state: ConcessionState
  payable_fen: number
  waived_fen: number
  owed: Record<string, number>
  pays: Record<string, number>
  waives: Record<string, number>
  installments: ProposedInstallment[]
  reason: string
  asked_by: string | null
  asked_by_name: string | null
  asked_at: string
  valid_until: string | null
  is_quotable: boolean
  roles: string[]
  creditor_decides: boolean
  next_role: string | null
  may_decide: boolean
  version: number
  steps: { at: string; by: string | null; by_name: string | null; before: string; after: string; note: string }[] | null
}

export type WorkOrderKind = Labels & { code: string }
export type WorkOrder = {
  id: string
  kind: string
  title: string
  note: string
  state: WorkOrderState
  case_id: string | null
  unit_id: string | null
  assignee_id: string | null
  assignee_name: string | null
  serial_no: string | null
  opened_at: string
  opened_by: string | null
  due_at: string
  ended_at: string | null
  answer: string | null
  is_overdue: boolean
  version: number
}
export type WorkOrderState = 'open' | 'taken' | 'done' | 'cancelled'
