/**
 * A small invented agency for looking at the desk without a server. Everybody and everything here is
 * made up. The types are the API's, so this cannot drift from it unnoticed.
 */

import type {
  ApiToken,
  AuditEntry,
  Job,
  OrgUnit,
  Person,
  Catalogue,
  Role,
  SecurityPolicy,
  Session,
  Tenant,
} from '../src/api/types'

const id = (kind: number, n: number): string => `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

export const units: OrgUnit[] = (
  [
    [1, null, '安米演示催收有限公司', 'company', 2],
    [2, 1, '华东分公司', 'branch', 1],
    [3, 2, '电催一部', 'department', 0],
    [4, 3, '一组', 'team', 4],
    [5, 3, '二组', 'team', 2],
    [6, 1, '华南分公司', 'branch', 1],
    [7, 6, '电催二部', 'department', 1],
    [8, 7, '三组', 'team', 2],
    [9, 1, '质检与合规部', 'department', 3],
  ] as const
).map(([n, parent, name, kind, count]) => ({
  id: id(1, n),
  parent_id: parent === null ? null : id(1, parent),
  name,
  kind,
  people_count: count,
  version: 1,
}))

const PERMISSIONS: [string, string, string, string, string, boolean][] = [
  ['people', 'read', '查看人员', 'See people', '', true],
  ['people', 'write', '管理人员账户', 'Manage accounts', '', true],
  ['people', 'reveal', '查看完整手机号', 'Reveal phones', '', true],
  ['org_units', 'read', '查看组织', 'See units', '', true],
  ['org_units', 'write', '调整组织', 'Arrange units', '', true],
  ['roles', 'read', '查看角色', 'See roles', '', false],
  ['roles', 'write', '管理角色', 'Manage roles', '', false],
  ['grants', 'write', '授予角色', 'Grant roles', '', true],
  ['policy', 'read', '查看安全策略', 'See the policy', '', false],
  ['policy', 'write', '修改安全策略', 'Change the policy', '', false],
  ['sessions', 'read', '查看登录会话', 'See sessions', '', true],
  ['sessions', 'end', '强制下线', 'End sessions', '', true],
  ['audit', 'read', '查看审计日志', 'Read the log', '', false],
  ['audit', 'verify', '校验审计日志', 'Verify the log', '', false],
  ['tokens', 'read', '查看接口令牌', 'See tokens', '', false],
  ['tokens', 'write', '管理接口令牌', 'Manage tokens', '', false],
  ['jobs', 'read', '查看后台任务', 'See jobs', '', false],
  ['jobs', 'write', '处理后台任务', 'Handle jobs', '', false],
]
export const catalogue: Catalogue = {
  permissions: PERMISSIONS.map(([thing, verb, zh, en, , scoped]) => ({ code: `${thing}.${verb}`, thing, verb, zh, en, scoped })),
  field_rights: [
    { code: 'phone.full', zh: '完整手机号', en: 'Full phone number' },
    { code: 'id_number.full', zh: '完整证件号', en: 'Full id number' },
    { code: 'recording.play', zh: '播放录音', en: 'Play recordings' },
    { code: 'recording.download', zh: '下载录音', en: 'Download recordings' },
    { code: 'export', zh: '导出数据', en: 'Export data' },
  ],
  scopes: [
    { code: 'own', zh: '仅本人', en: 'Own' },
    { code: 'team', zh: '本班组', en: 'Team' },
    { code: 'subtree', zh: '本组织及下级', en: 'Unit and below' },
    { code: 'tenant', zh: '全机构', en: 'Whole agency' },
  ],
  exclusive: [['system_administrator', 'security_administrator', 'auditor']],
}

const BUILT_IN: [string, string, string, string[], string[], boolean, number][] = [
  ['collector', '催收员', 'Collector', ['cases.read', 'cases.work', 'payments.read', 'work_orders.read', 'work_orders.write'], [], false, 4],
  ['supervisor', '主管', 'Supervisor', ['people.read', 'org_units.read', 'placements.read', 'cases.read', 'cases.work', 'cases.allocate', 'cases.hold', 'concessions.approve', 'payments.read', 'work_orders.read', 'work_orders.write'], ['phone.full', 'recording.play'], false, 2],
  ['inspector', '质检员', 'Inspector', ['people.read'], ['recording.play'], false, 1],
  ['operations', '运营', 'Operations', ['people.read', 'org_units.read', 'jobs.read'], ['export'], false, 1],
  ['owner', '机构负责人', 'Owner', ['people.read', 'org_units.read', 'roles.read', 'policy.read', 'jobs.read'], [], false, 1],
  [
    'system_administrator',
    '系统管理员',
    'System administrator',
    ['people.read', 'people.write', 'people.reveal', 'org_units.read', 'org_units.write', 'sessions.read', 'sessions.end', 'jobs.read', 'jobs.write', 'tokens.read', 'tokens.write', 'roles.read'],
    ['phone.full'],
    true,
    1,
  ],
  [
    'security_administrator',
    '安全管理员',
    'Security administrator',
    ['people.read', 'org_units.read', 'roles.read', 'roles.write', 'grants.write', 'policy.read', 'policy.write', 'sessions.read'],
    [],
    true,
    1,
  ],
  ['auditor', '审计员', 'Auditor', ['audit.read', 'audit.verify'], [], true, 1],
]
export const roles: Role[] = [
  ...BUILT_IN.map(([code, name_zh, name_en, permissions, field_rights, totp_required, people_count], n) => ({
    id: id(2, n + 1),
    code,
    name_zh,
    name_en,
    built_in: true,
    permissions,
    field_rights,
    totp_required,
    people_count,
    version: 1,
  })),
  {
    id: id(2, 20),
    code: 'training_lead',
    name_zh: '培训主管',
    name_en: 'Training lead',
    built_in: false,
    permissions: ['people.read', 'org_units.read'],
    field_rights: ['recording.play'],
    totp_required: false,
    people_count: 0,
    version: 3,
  },
]

const roleOf = (code: string): Role => roles.find((role) => role.code === code) ?? roles[0]!
const SURNAMES = '陆许程叶魏傅沈曾彭苏卢蒋蔡贾丁余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陶孔'
const GIVEN = ['文静', '志远', '雨桐', '思源', '晓岚', '建国', '若曦', '明轩', '嘉怡', '子涵', '书瑶', '浩然']
const NAMED: [string, string, string, number, Person['state'], number | null][] = [
  ['A0001', '演示·周清和', 'owner', 1, 'active', 3],
  ['A0002', '演示·林知远', 'system_administrator', 9, 'active', 1],
  ['A0003', '演示·韩书宁', 'security_administrator', 9, 'active', 47],
  ['A0004', '演示·顾明澈', 'auditor', 9, 'active', 300],
  ['A0005', '演示·宋安然', 'operations', 1, 'active', 12],
  ['B0101', '演示·何思齐', 'supervisor', 4, 'active', 2],
  ['B0102', '演示·赵晓棠', 'collector', 4, 'active', 0],
  ['B0103', '演示·钱一诺', 'collector', 4, 'locked', 90],
  ['B0104', '演示·孙若水', 'collector', 5, 'active', null],
  ['C0201', '演示·李慕白', 'supervisor', 8, 'active', 25],
  ['C0202', '演示·吴嘉言', 'collector', 8, 'disabled', 20_000],
  ['C0203', '演示·郑可心', 'inspector', 9, 'active', 600],
]

function person(n: number, [employee_no, name, role, unit, state, seen]: (typeof NAMED)[number]): Person {
  const { id: role_id, code, name_zh, name_en } = roleOf(role)
  const at = units[unit - 1]!
  const scope = role === 'collector' ? 'own' : role === 'supervisor' ? 'subtree' : 'tenant'
  return {
    id: id(3, n),
    employee_no,
    name,
    phone_masked: `13${n % 10}****${String(1000 + n * 37).slice(-4)}`,
    unit: { id: at.id, name: at.name },
    roles: [{ code, name_zh, name_en }],
    grants: [{ role: { id: role_id, code, name_zh, name_en }, scope, unit: null }],
    state,
    totp_enrolled: n % 3 === 1,
    must_change_password: seen === null,
    last_seen_at: seen === null ? null : ago(seen),
    training_valid_until: n % 4 === 0 ? null : '2027-03-31',
    version: 1,
  }
}
export const people: Person[] = [
  ...NAMED.map((named, n) => person(n + 1, named)),
  ...Array.from({ length: 120 }, (_, n) =>
    person(n + 13, [
      `D${String(n + 301).padStart(4, '0')}`,
      `演示·${SURNAMES[n % SURNAMES.length]}${GIVEN[(n * 7) % GIVEN.length]}`,
      'collector',
      [4, 5, 8][n % 3] ?? 4,
      n % 17 === 5 ? 'disabled' : n % 23 === 7 ? 'locked' : 'active',
      n % 9 === 0 ? null : (n * 41) % 4000,
    ]),
  ),
]

export const policy: SecurityPolicy = {
  version: 4,
  password: { min_length: 10, classes: 3, history: 5, max_age_days: 90 },
  lockout: { attempts: 5, minutes: 15 },
  session: { idle_minutes: 30, absolute_hours: 12, single: false },
  totp_required_roles: ['system_administrator', 'security_administrator', 'auditor'],
}

export const ownSessions = [
  { id: id(4, 1), current: true, created_at: ago(25), last_seen_at: ago(0), ip: '10.20.3.41', device: 'Chrome 141 · Windows 11' },
  { id: id(4, 2), current: false, created_at: ago(1500), last_seen_at: ago(190), ip: '10.20.3.77', device: 'Edge 140 · Windows 10' },
  { id: id(4, 3), current: false, created_at: ago(4300), last_seen_at: ago(2900), ip: '10.20.9.5', device: 'Safari 26 · macOS' },
]

export const tokens: ApiToken[] = [
  { id: id(5, 1), name: '总部数据看板', permissions: ['people.read', 'org_units.read'], scope: 'tenant', created_at: ago(60_000), expires_on: '2027-06-30', last_used_at: ago(4) },
  { id: id(5, 2), name: '考勤同步', permissions: ['people.read'], scope: 'subtree', created_at: ago(9000), expires_on: null, last_used_at: null },
]

const ACTIONS: [string, string, string, AuditEntry['outcome'], string | null, Record<string, unknown>][] = [
  ['session.started', '登录', 'Logged in', 'done', 'person', { device: 'Chrome 141 · Windows 11' }],
  ['person.changed', '修改人员', 'Changed a person', 'done', 'person', { before: { unit: '一组', name: '演示·赵晓棠' }, after: { unit: '二组', name: '演示·赵晓棠' } }],
  ['session.refused', '登录失败', 'Login refused', 'refused', 'person', { reason: 'WRONG_CREDENTIALS', attempts: 3 }],
  ['role.granted', '授予角色', 'Granted a role', 'done', 'person', { before: { roles: ['collector'] }, after: { roles: ['collector', 'supervisor'] } }],
  ['person.phone_revealed', '查看完整手机号', 'Revealed a phone', 'done', 'person', { reason: '核对入职登记的联系电话' }],
  ['policy.changed', '修改安全策略', 'Changed the policy', 'done', 'policy', { before: { lockout: { attempts: 6, minutes: 15 } }, after: { lockout: { attempts: 5, minutes: 15 } } }],
  ['people.exported', '导出人员', 'Exported people', 'failed', null, { rows: 0, error: 'UNAVAILABLE' }],
]
export const audit: AuditEntry[] = Array.from({ length: 180 }, (_, n) => {
  const [action, action_zh, action_en, outcome, kind, facts] = ACTIONS[n % ACTIONS.length]!
  const actor = people[n % 12]!
  return {
    seq: 5180 - n,
    at: ago(n * 23 + 1),
    actor: action === 'session.refused' ? null : { id: actor.id, name: actor.name },
    ip: `10.20.3.${40 + (n % 60)}`,
    action,
    action_zh,
    action_en,
    target: kind === null ? null : { kind, id: people[(n + 5) % 12]!.id },
    outcome,
    facts,
    hash: Array.from({ length: 8 }, (_ignored, part) => ((n + 1) * 2654435761 * (part + 3)).toString(16).slice(0, 8).padEnd(8, '0')).join(''),
  }
})

export const jobs: Job[] = Array.from({ length: 34 }, (_, n) => {
  const state = n < 3 ? 'dead' : n < 5 ? 'running' : n < 9 ? 'queued' : 'done'
  const [name, label_zh, label_en] = (
    [
      ['identity.sweep_sessions', '清理过期会话', 'Sweep expired sessions'],
      ['audit.verify_nightly', '夜间校验审计日志', 'Verify the log at night'],
      ['keyring.rotate', '轮换加密密钥', 'Rotate encryption keys'],
    ] as const
  )[n % 3]!
  return {
    id: String(8800 - n),
    name,
    label_zh,
    label_en,
    state,
    attempts: state === 'dead' ? 6 : 1,
    queued_at: ago(n * 9),
    next_at: state === 'queued' ? ago(-n) : null,
    error: state === 'dead' ? 'Unavailable: storage' : null,
  } satisfies Job
})

export const tenants: Tenant[] = [
  { id: id(6, 1), code: 'demo', name: '安米演示催收有限公司', state: 'active', people_count: 12, created_at: ago(90_000) },
  { id: id(6, 2), code: 'lanting', name: '演示·兰亭资产服务', state: 'active', people_count: 460, created_at: ago(50_000) },
  { id: id(6, 3), code: 'yunfan', name: '演示·云帆信用管理', state: 'suspended', people_count: 38, created_at: ago(20_000) },
]

/** A session for the person with this employee number, with the rights of their role. */
export function sessionOf(employeeNo: string, step: Session['step']): Session | null {
  const me = people.find((one) => one.employee_no === employeeNo)
  const isOperator = employeeNo === 'P0001'
  if (me === undefined && !isOperator) return null
  const grant = me?.grants?.[0]
  const role = grant === undefined ? undefined : roles.find((one) => one.code === grant.role.code)
  const permissions = isOperator ? ['tenants.read', 'tenants.write', 'jobs.read', 'jobs.write'] : (role?.permissions ?? [])
  return {
    id: id(4, 1),
    step,
    csrf_token: 'fake-csrf',
    expires_at: ago(-600),
    idle_seconds: 1800,
    person: {
      id: me?.id ?? id(3, 999),
      employee_no: employeeNo,
      name: me?.name ?? '演示·平台运营',
      phone_masked: me?.phone_masked ?? null,
      locale: 'zh-CN',
      theme: 'auto',
      unit: me?.unit ?? null,
      roles: me?.roles ?? [{ code: 'platform_operator', name_zh: '平台运营', name_en: 'Platform operator' }],
      totp_enrolled: me?.totp_enrolled ?? false,
    },
    tenant: { id: id(6, 1), code: isOperator ? 'platform' : 'demo', name: isOperator ? '安米平台' : '安米演示催收有限公司' },
    permissions: Object.fromEntries(permissions.map((code) => [code, grant?.scope ?? 'tenant'])),
    field_rights: role?.field_rights ?? [],
    password_policy: policy.password,
  }
}
