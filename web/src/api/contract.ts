/**
 * The HTTP API as the desk sees it, in the shape `openapi-typescript` would generate.
 */

export type Locale = 'zh-CN' | 'en-US'
export type Theme = 'auto' | 'light' | 'dark'
export type Scope = 'own' | 'team' | 'subtree' | 'tenant'
export type Step = 'complete' | 'totp' | 'totp_enrolment' | 'password_change'
export type PersonState = 'active' | 'locked' | 'disabled'
export type UnitKind = 'company' | 'branch' | 'department' | 'team'
export type Outcome = 'done' | 'refused' | 'failed'
export type JobState = 'queued' | 'running' | 'dead' | 'done'

export type UnitRef = { id: string; name: string }
export type RoleRef = { code: string; name_zh: string; name_en: string }
export type Page<Item> = { items: Item[]; next: string | null; total: number | null }

export type PasswordPolicy = { min_length: number; classes: number; history: number; max_age_days: number }

export type Session = {
  id: string
  step: Step
  csrf_token: string
  expires_at: string
  idle_seconds: number
  person: {
    id: string
    employee_no: string
    name: string
    phone_masked: string | null
    locale: Locale
    theme: Theme
    unit: UnitRef | null
    roles: RoleRef[]
    totp_enrolled: boolean
  }
  tenant: { id: string; code: string; name: string }
  permissions: Record<string, Scope>
  field_rights: string[]
  password_policy: PasswordPolicy
}

export type Agency = { code: string; name: string }
export type NewSession = {
  tenant_code: string
  login_by: 'employee_no' | 'phone'
  login: string
  password: string
}
export type TotpEnrolment = { secret: string; uri: string; qr_svg: string }
export type TotpEnrolled = { recovery_codes: string[]; session: Session }
export type OwnSession = {
  id: string
  current: boolean
  created_at: string
  last_seen_at: string
  ip: string | null
  device: string
}

export type Grant = { role: RoleRef & { id: string }; scope: Scope; unit: UnitRef | null }
export type NewGrant = { role_id: string; scope: Scope; unit_id?: string | null }
export type Person = {
  id: string
  employee_no: string
  name: string
  phone_masked: string | null
  unit: UnitRef | null
  roles: RoleRef[]
  grants?: Grant[]
  state: PersonState
  totp_enrolled: boolean
  must_change_password: boolean
  last_seen_at: string | null
  training_valid_until: string | null
  version: number
}
export type NewPerson = {
  employee_no: string
  name: string
  phone: string
  unit_id: string
  grants: NewGrant[]
  training_valid_until?: string | null
}
export type PersonChanges = {
  version: number
  name?: string
  phone?: string
  unit_id?: string
  training_valid_until?: string | null
}
export type PersonCreated = { person: Person; initial_password: string }

export type OrgUnit = {
  id: string
  parent_id: string | null
  name: string
  kind: UnitKind
  people_count: number
  version: number
}

export type Role = {
  id: string
  code: string
  name_zh: string
  name_en: string
  built_in: boolean
  permissions: string[]
  field_rights: string[]
  totp_required: boolean
  people_count: number
  version: number
}
export type RoleDraft = {
  name_zh: string
  name_en: string
  permissions: string[]
  field_rights: string[]
  totp_required: boolean
}
export type Permission = { code: string; thing: string; verb: string; zh: string; en: string; scoped: boolean }
export type Labelled = { code: string; zh: string; en: string }
export type PermissionCatalogue = {
  permissions: Permission[]
  field_rights: Labelled[]
  scopes: Labelled[]
  exclusive: string[][]
}

export type SecurityPolicy = {
  version: number
  password: PasswordPolicy
  lockout: { attempts: number; minutes: number }
  session: { idle_minutes: number; absolute_hours: number; single: boolean }
  totp_required_roles: string[]
}

export type ApiToken = {
  id: string
  name: string
  permissions: string[]
  scope: Scope
  created_at: string
  expires_on: string | null
  last_used_at: string | null
}
export type NewApiToken = { name: string; permissions: string[]; scope: Scope; expires_on?: string | null }

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

export type Job = {
  id: string
  name: string
  label_zh: string
  label_en: string
  state: JobState
  attempts: number
  queued_at: string
  next_at: string | null
  error: string | null
}
export type JobFigures = Record<JobState, number>

export type Tenant = {
  id: string
  code: string
  name: string
  state: 'active' | 'suspended'
  people_count: number
  created_at: string
}
export type NewTenant = {
  code: string
  name: string
  administrator: { employee_no: string; name: string; phone: string }
}
export type TenantCreated = { tenant: Tenant; initial_password: string }

export type Paging = { limit?: number; after?: string; sort?: string }
export type PeopleFilter = Paging & { q?: string; unit_id?: string; role?: string; state?: PersonState }
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
type Id = { id: string }
type Done = Record<string, never>
type Reasoned = { field: 'phone'; reason: string }

export interface paths {
  '/api/v1/identity/agency': { get: Op<Agency, { code: string }> }
  '/api/v1/identity/sessions': {
    get: Op<Page<OwnSession>>
    post: Op<Session, never, never, NewSession>
    delete: Op<Done>
  }
  '/api/v1/identity/sessions/{id}': { delete: Op<Done, never, Id> }
  '/api/v1/identity/session': { get: Op<Session>; delete: Op<Done> }
  '/api/v1/identity/session/totp': {
    post: Op<Session, never, never, { code?: string; recovery_code?: string }>
  }
  '/api/v1/identity/session/password': {
    post: Op<Session, never, never, { current_password: string; new_password: string }>
  }
  '/api/v1/identity/session/totp-enrolment': {
    post: Op<TotpEnrolment>
    put: Op<TotpEnrolled, never, never, { code: string }>
  }
  '/api/v1/identity/profile': { patch: Op<Session, never, never, { locale?: Locale; theme?: Theme }> }
  '/api/v1/identity/people': {
    get: Op<Page<Person>, PeopleFilter>
    post: Op<PersonCreated, never, never, NewPerson>
  }
  '/api/v1/identity/people/{id}': {
    get: Op<Person, never, Id>
    patch: Op<Person, never, Id, PersonChanges>
  }
  '/api/v1/identity/people/{id}/grants': {
    put: Op<Person, never, Id, { version: number; grants: NewGrant[] }>
  }
  '/api/v1/identity/people/{id}/disable': { post: Op<Person, never, Id> }
  '/api/v1/identity/people/{id}/enable': { post: Op<Person, never, Id> }
  '/api/v1/identity/people/{id}/unlock': { post: Op<Person, never, Id> }
  '/api/v1/identity/people/{id}/reset-password': { post: Op<PersonCreated, never, Id> }
  '/api/v1/identity/people/{id}/reset-totp': { post: Op<Person, never, Id> }
  '/api/v1/identity/people/{id}/sessions': { get: Op<Page<OwnSession>, never, Id>; delete: Op<Done, never, Id> }
  '/api/v1/identity/people/{id}/reveal': { post: Op<{ value: string }, never, Id, Reasoned> }
  '/api/v1/identity/org-units': {
    get: Op<{ items: OrgUnit[] }>
    post: Op<OrgUnit, never, never, { parent_id: string; name: string; kind: UnitKind }>
  }
  '/api/v1/identity/org-units/{id}': {
    patch: Op<OrgUnit, never, Id, { version: number; name?: string; kind?: UnitKind }>
    delete: Op<Done, never, Id>
  }
  '/api/v1/identity/org-units/{id}/move': {
    post: Op<OrgUnit, never, Id, { version: number; parent_id: string }>
  }
  '/api/v1/identity/roles': { get: Op<Page<Role>>; post: Op<Role, never, never, RoleDraft> }
  '/api/v1/identity/roles/{id}': {
    patch: Op<Role, never, Id, RoleDraft & { version: number }>
    delete: Op<Done, never, Id>
  }
  '/api/v1/identity/permissions': { get: Op<PermissionCatalogue> }
  '/api/v1/identity/policy': {
    get: Op<SecurityPolicy>
    put: Op<SecurityPolicy, never, never, SecurityPolicy>
  }
  '/api/v1/identity/tokens': {
    get: Op<Page<ApiToken>>
    post: Op<ApiToken & { token: string }, never, never, NewApiToken>
  }
  '/api/v1/identity/tokens/{id}': { delete: Op<Done, never, Id> }
  '/api/v1/identity/audit': { get: Op<Page<AuditEntry>, AuditFilter> }
  '/api/v1/identity/audit/verify': { post: Op<AuditVerdict> }
  '/api/v1/system/jobs': { get: Op<Page<Job>, Paging & { state?: JobState }> }
  '/api/v1/system/jobs/figures': { get: Op<JobFigures> }
  '/api/v1/system/jobs/{id}/retry': { post: Op<Job, never, Id> }
  '/api/v1/system/jobs/{id}': { delete: Op<Done, never, Id> }
  '/api/v1/platform/tenants': {
    get: Op<Page<Tenant>, Paging>
    post: Op<TenantCreated, never, never, NewTenant>
  }
  '/api/v1/platform/tenants/{id}/suspend': { post: Op<Tenant, never, Id> }
  '/api/v1/platform/tenants/{id}/resume': { post: Op<Tenant, never, Id> }
}
