/** The invented agency's casework: a few hundred made-up cases, so that its screens can be looked at. */

import type {
  CaseGate,
  CaseInFull,
  CaseLine,
  CaseState,
  CodeTable,
  Concession,
  Phone,
  TimelineEntry,
  WorkOrder,
} from '../src/api/casework-types'

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许'
const GIVEN = ['晓雯', '建华', '子墨', '丽娟', '国强', '思琪', '海涛', '美玲', '志豪', '婷']
const CITIES = ['杭州', '成都', '武汉', '南京', '长沙', '合肥', '西安']
const CREDITORS = [
  { id: id(20, 1), name: '演示·远山银行' },
  { id: id(20, 2), name: '演示·和光消费金融' },
  { id: id(20, 3), name: '演示·青禾小贷' },
]
const PRODUCTS = ['信用卡', '消费分期', '现金贷']
const STATES: CaseState[] = [
  'in_collection',
  'in_collection',
  'promised',
  'in_collection',
  'on_plan',
  'dispute_review',
  'in_collection',
  'awaiting_allocation',
  'paid_in_full',
  'legal',
]

export const cases: CaseLine[] = Array.from({ length: 320 }, (_, n) => {
  const state = STATES[n % STATES.length] ?? 'in_collection'
  const owing = state === 'paid_in_full' ? 0 : 120_000 + ((n * 7_919_377) % 9_000_000)
  const dpd = 12 + ((n * 37) % 220)
  return {
    id: id(30, n + 1),
    serial_no: `YS2610-${String(10_001 + n)}`,
    debtor: { id: id(31, n + 1), name: `${SURNAMES[n % 20]}${GIVEN[(n * 3) % 10]}` },
    city: CITIES[n % 7] ?? null,
    creditor: CREDITORS[n % 3] ?? CREDITORS[0]!,
    product: { id: id(21, (n % 3) + 1), name: PRODUCTS[n % 3] ?? '' },
    placement: { id: id(22, (n % 5) + 1), name: `YS-2026${String(7 + (n % 4)).padStart(2, '0')}-A` },
    state,
    stage: dpd > 120 ? 'late' : 'early',
    bucket: `M${Math.min(6, Math.ceil(dpd / 30))}`,
    dpd,
    placed_fen: owing + 250_000,
    owing_fen: owing,
    paid_fen: n % 4 === 0 ? 250_000 : 0,
    priority: n % 100,
    holder: state === 'awaiting_allocation' ? null : { id: id(3, 7), name: '演示·赵晓棠' },
    unit: { id: id(1, 4), name: '一组' },
    is_held: state === 'dispute_review',
    is_special: n % 31 === 3,
    days_to_due_back: 4 + ((n * 11) % 90),
    last_activity_at: n % 5 === 2 ? null : ago(n * 211),
    last_result: n % 5 === 2 ? null : (['NA', 'PTP', 'CB', 'NEG', 'RTP'] as const)[n % 5]!,
    next_action_at: n % 3 === 0 ? ago(-n * 60) : null,
    created_at: ago(60_000 + n),
    version: 1,
  }
})

function phone(n: number, more: Partial<Phone>): Phone {
  return {
    id: id(32, n),
    kind: 'mobile',
    relation: 'debtor',
    relation_text: null,
    number_masked: `13${n % 10}****${String(1000 + ((n * 137) % 9000))}`,
    name_masked: null,
    source: 'contract',
    carrier: '移动',
    province: '浙江',
    city: '杭州',
    state: 'active',
    state_source: null,
    state_at: null,
    is_right_party: null,
    asked_to_stop_at: null,
    is_suppressed: false,
    created_at: ago(9000),
    ...more,
  }
}

export function inFull(line: CaseLine): CaseInFull {
  const n = Number(line.serial_no.slice(-5)) - 10_000
  const { city: _city, debtor, ...facts } = line
  const third = Math.floor(line.owing_fen / 3)
  const account = (k: number, fen: number) => ({
    id: id(33, n * 10 + k),
    number_masked: `6222 **** **** ${1000 + n + k}`,
    contract_no: `HT${20_260_000 + n * 10 + k}`,
    components: {
      principal: fen - Math.floor(fen / 5),
      interest: Math.floor(fen / 8),
      penalty_interest: Math.floor(fen / 5) - Math.floor(fen / 8) - 1200,
      late_charge: 700,
      fee: 500,
    },
    owing_fen: fen,
    credit_limit_fen: 5_000_000,
    loan_on: '2024-11-08',
    statement_day: 8,
  })
  const isPromised = line.state === 'promised'
  return {
    ...facts,
    placed_on: day(-60),
    due_back_on: day(line.days_to_due_back ?? 30),
    placed_bucket: 'M2',
    tier: 2,
    placement_state: 'active',
    waived_fen: 0,
    limitation_on: '2028-03-14',
    closing_reason: null,
    closed_at: null,
    debtor: {
      id: debtor.id,
      name: debtor.name,
      name_masked: `${debtor.name[0]}**`,
      id_number_masked: '330102********1234',
      gender: n % 2 ? 'female' : 'male',
      age: 24 + (n % 40),
      province: '浙江',
      city: line.city,
    },
    accounts: [account(1, line.owing_fen - third), account(2, third)],
    phones: [
      phone(n * 10 + 1, { is_right_party: true }),
      phone(n * 10 + 2, { state: 'powered_off', carrier: '联通', source: 'on_file' }),
      phone(n * 10 + 3, { relation: 'guarantor', relation_text: '担保人', name_masked: '沈*', source: 'contract' }),
      phone(n * 10 + 4, {
        relation: 'related_third_party',
        relation_text: '配偶',
        name_masked: '许**',
        source: 'named_contact',
        carrier: '电信',
      }),
      phone(n * 10 + 5, { state: 'empty', source: 'on_file' }),
    ],
    addresses: [{ id: id(34, n), kind: 'home', text_masked: '浙江省杭州市西湖区****', source: 'contract' }],
    promise: isPromised
      ? { id: id(35, n), amount_fen: 150_000, due_on: day(2), received_fen: 0, taken_at: ago(2000), version: 1 }
      : null,
    plan: null,
    concessions:
      n % 4 === 0
        ? [
            {
              id: id(36, n),
              kind: 'lump_sum_settlement',
              state: 'approved',
              waived_fen: 120_000,
              payable_fen: line.owing_fen - 120_000,
              asked_at: ago(3000),
              valid_until: day(9),
            },
          ]
        : [],
    holds: line.is_held
      ? [
          {
            id: id(37, n),
            reason: 'dispute',
            effect: 'PAUSE',
            note: '对账单金额提出异议，待委托方核查',
            until: day(5),
            placed_at: ago(900),
          },
        ]
      : [],
    flags: line.is_special
      ? [{ id: id(38, n), flag: 'severe_illness', note: '住院治疗', flagged_at: ago(800), reviewed_until: null }]
      : [],
    rate_notice: n % 6 === 0 ? { implied: '38.20%', cap: '24.00%', excess_fen: 31_200, source: '演示' } : null,
    capabilities: ['read', 'note', 'call', 'take_promise', 'ask_concession', 'sign_plan', 'post_payment'],
    linked_count: n % 2,
  }
}

export function gateOf(full: CaseInFull): CaseGate {
  const verdict = (
    rule_id: string,
    zh: string,
    en: string,
    standing: 'satisfied' | 'in_the_way',
    reason_zh: string | null = null,
    reason_en: string | null = null,
  ) => ({
    rule_id,
    zh,
    en,
    source: '演示来源',
    standing,
    reason: null,
    reason_zh,
    reason_en,
    until: null,
  })
  return {
    case_id: full.id,
    at: ago(0),
    pack_version: '2026-11-1',
    points: full.phones.map((one, k) => {
      const isThird = one.relation === 'related_third_party'
      const isEmpty = one.state === 'empty'
      const isUsedUp = k === 1
      const reason_zh = isThird
        ? '债务人可以联系，不得联系第三人'
        : isEmpty
          ? '号码状态不可拨打'
          : isUsedUp
            ? '今日对该号码的拨打次数已用完'
            : null
      const reason_en = isThird
        ? 'The debtor can be reached'
        : isEmpty
          ? 'This number is not to be dialed'
          : isUsedUp
            ? 'Attempts on this number are used up today'
            : null
      return {
        phone_id: one.id,
        address_id: null,
        relation: one.relation,
        state: one.state,
        channels: [
          {
            channel: 'voice_interactive' as const,
            purpose: isThird ? ('locate' as const) : ('collect' as const),
            allowed: reason_zh === null,
            rule_id: reason_zh === null ? null : 'THIRD_GATE',
            reason: null,
            reason_zh,
            reason_en,
            until: isUsedUp ? ago(-600) : null,
            verdicts: [
              verdict('HOURS_BAN', '禁催时段', 'Closed hours', 'satisfied'),
              verdict('CONTACT_SOURCE', '联系方式来源', 'Lawful source of the number', 'satisfied'),
              verdict(
                'THIRD_GATE',
                '失联方可联系第三人',
                'Third parties only when out of reach',
                reason_zh === null ? 'satisfied' : 'in_the_way',
                reason_zh,
                reason_en,
              ),
            ],
          },
        ],
      }
    }),
  }
}

export const written: TimelineEntry[] = []
const ME = { id: id(3, 7), name: '演示·赵晓棠' }
export function timelineOf(full: CaseInFull): TimelineEntry[] {
  const one = (
    kind: TimelineEntry['kind'],
    n: number,
    minutes: number,
    facts: Record<string, unknown>,
  ): TimelineEntry => ({ kind, id: `${full.id}-${n}`, at: ago(minutes), by: ME, facts })
  return [
    ...written.filter((entry) => entry.facts.case_id === full.id),
    one('attempt', 1, 95, {
      phone_id: full.phones[1]?.id,
      channel: 'voice_interactive',
      allowed: false,
      outcome: null,
    }),
    one('activity', 2, 130, {
      action_code: 'OB',
      result_code: 'NEG',
      phone_id: full.phones[0]?.id,
      note: '本人接听，称月底发工资后处理，希望了解能否分期。语气平和。',
      next_action_at: ago(-1440),
    }),
    one('attempt', 3, 133, {
      phone_id: full.phones[0]?.id,
      channel: 'voice_interactive',
      allowed: true,
      outcome: 'effective',
    }),
    one('promise', 4, 9_000, { amount_fen: 200_000, due_on: day(-4), state: 'broken', received_fen: 0 }),
    one('payment', 5, 14_000, { amount_fen: 250_000, paid_on: day(-9), method: 'app', state: 'posted', note: '' }),
    one('concession', 6, 20_000, { kind: 'penalty_waiver', state: 'rejected', payable_fen: 900_000 }),
    one('hold', 7, 26_000, {
      reason: 'hardship',
      effect: 'PAUSE',
      until: null,
      note: '提供失业证明',
      lifted_at: ago(22_000),
    }),
    one('event', 8, 40_000, {
      event: 'allocated',
      before: 'awaiting_allocation',
      after: 'in_collection',
      reason: '按账龄均分',
    }),
    one('event', 9, 41_000, { event: 'opened', before: 'number_screening', after: 'awaiting_allocation', reason: '' }),
  ]
}

const result = (
  code: string,
  zh: string,
  en: string,
  levels: string[],
  required: string[] = [],
  follows: string[] = [],
) => ({ code, zh, en, levels, required, follows, may_be_chosen: true })
const RP = ['right_party']
export const codes = {
  version: '2026-11-1',
  actions: [
    { code: 'OB', zh: '呼出', en: 'Outbound call' },
    { code: 'IB', zh: '呼入', en: 'Inbound call' },
    { code: 'SMS', zh: '短信', en: 'Text message' },
    { code: 'VST', zh: '外访', en: 'Field visit' },
  ],
  results: [
    result('PTP', '承诺还款', 'Promise to pay', RP, ['promise_amount', 'promise_due_on'], ['take_promise']),
    result('PPTP', '部分承诺', 'Promise to pay a part', RP, ['promise_amount', 'promise_due_on'], ['take_promise']),
    result('CP', '称已还/待对账', 'Claims to have paid', RP, ['claimed_amount', 'claimed_on'], ['claim_payment']),
    result('NEG', '谈判中/考虑', 'In talks', RP, ['note']),
    result('RTP', '拒绝还款', 'Refuses to pay', RP, ['note']),
    result('FD', '经济困难/无力还款', 'Financial hardship', RP, ['note'], ['hold_for_hardship']),
    result(
      'DIS',
      '争议（金额/合同/非本人）',
      'Disputes the debt',
      RP,
      ['dispute_reason', 'note'],
      ['hold_for_dispute'],
    ),
    result('REQ_INS', '申请分期', 'Asks for instalments', RP, ['note'], ['ask_instalments']),
    result('REQ_RED', '申请减免', 'Asks for a concession', RP, ['note'], ['ask_concession']),
    result('CB', '约定回拨', 'Call back agreed', ['right_party', 'third_party'], ['call_back_at'], ['plan_call_back']),
    result('CMP', '投诉倾向/投诉', 'Complaint', RP, ['note'], ['hold_for_complaint']),
    result('LM', '第三方愿转告（未透露欠款）', 'Will pass it on (no debt mentioned)', ['third_party']),
    result('TPR', '第三方要求不再联系', 'Asks not to be contacted again', ['third_party'], [], ['stop_third_party']),
    result('NA', '无人接听', 'No answer', ['no_contact']),
    result('REJ', '拒接/挂断', 'Rejected', ['no_contact']),
    result('BSY', '忙', 'Busy', ['no_contact']),
    result('OFF', '关机', 'Powered off', ['no_contact']),
    result('EMP', '空号', 'Empty number', ['no_contact']),
    result('WN', '错号/非本人', 'Wrong number', ['no_contact']),
  ],
} as CodeTable

export const templates = [
  { id: '1', result_code: 'PTP', text: '本人承诺于约定日期前还款，已告知还款渠道。' },
  { id: '2', result_code: 'NEG', text: '本人表示需与家人商量，约定再次联系。' },
]

export const concessions: Concession[] = cases.slice(0, 14).map((line, n) => ({
  id: id(36, n + 1),
  case_id: line.id,
  serial_no: line.serial_no,
  creditor_name: line.creditor.name,
  debtor_name_masked: `${line.debtor.name[0]}**`,
  kind: (['lump_sum_settlement', 'instalment_relief', 'penalty_waiver'] as const)[n % 3]!,
  state: (['submitted', 'first_review', 'creditor_review', 'approved', 'rejected'] as const)[n % 5]!,
  payable_fen: 800_000 + n * 1234,
  waived_fen: 120_000,
  owed: {
    principal: 700_000 + n * 1234,
    interest: 100_000,
    penalty_interest: 90_000,
    late_charge: 20_000,
    fee: 10_000,
  },
  pays: { principal: 700_000 + n * 1234, interest: 100_000, penalty_interest: 0, late_charge: 0, fee: 0 },
  waives: { principal: 0, interest: 0, penalty_interest: 90_000, late_charge: 20_000, fee: 10_000 },
  installments: [],
  reason: '本人失业三个月，家属愿意协助一次性结清',
  asked_by: ME.id,
  asked_by_name: ME.name,
  asked_at: ago(n * 300 + 20),
  valid_until: n % 5 === 3 ? day(9) : null,
  is_quotable: n % 5 === 3,
  roles: ['supervisor', 'operations'],
  creditor_decides: n % 2 === 0,
  next_role: 'supervisor',
  may_decide: n % 5 < 3,
  version: 1,
  steps: [{ at: ago(n * 300 + 20), by: ME.id, by_name: ME.name, before: 'draft', after: 'submitted', note: '' }],
}))

export const orders: WorkOrder[] = Array.from({ length: 16 }, (_, n) => ({
  id: id(40, n + 1),
  kind: (['complaint', 'dispute', 'proof_request', 'call_back'] as const)[n % 4]!,
  title: ['债务人投诉催收频次', '账单金额异议，请委托方核查', '调取借款合同扫描件', '客户要求下午回拨'][n % 4]!,
  note: '',
  state: (['open', 'taken', 'open', 'done'] as const)[n % 4]!,
  case_id: cases[n]?.id ?? null,
  unit_id: null,
  assignee_id: n % 4 === 1 ? ME.id : null,
  assignee_name: n % 4 === 1 ? ME.name : null,
  serial_no: cases[n]?.serial_no ?? null,
  opened_at: ago(n * 400),
  opened_by: ME.id,
  due_at: ago(300 - n * 200),
  ended_at: null,
  answer: null,
  is_overdue: n < 2,
  version: 1,
}))
export const orderKinds = [
  { code: 'complaint', zh: '投诉处理', en: 'Complaint' },
  { code: 'dispute', zh: '异议核查', en: 'Dispute' },
  { code: 'proof_request', zh: '凭证调取', en: 'Request for proof' },
  { code: 'call_back', zh: '客户回拨', en: 'Call back' },
]

const LISTS: [string, string, string, (line: CaseLine) => boolean][] = [
  ['due_promises', '今日到期承诺', 'Promises due', (line) => line.state === 'promised'],
  ['call_backs', '今日待跟进', 'To follow up today', (line) => line.next_action_at !== null],
  ['new_cases', '新案', 'New cases', (line) => line.last_activity_at === null],
  ['broken_promises', '跳票待跟进', 'Broken promises', () => false],
  ['no_contact', '七日未跟进', 'Not touched for seven days', (line) => line.dpd > 150],
  ['holds_ending', '停催将到期', 'Holds about to end', (line) => line.is_held],
  ['all', '全部在手', 'All in hand', () => true],
]
export const today = () => ({
  lists: LISTS.map(([code, zh, en, fits]) => ({ code, zh, en, count: cases.filter(fits).length })),
  figures: { calls: 46, talk_seconds: 5231, promises: 7, promised_fen: 1_830_000, recovered_fen: 642_150 },
  overdue_orders: 2,
})
export const onList = (code: string): CaseLine[] =>
  cases.filter(LISTS.find(([known]) => known === code)?.[3] ?? (() => true))
