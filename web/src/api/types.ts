/** Short names for what the API's document calls its bodies. */

import type { components, paths } from './schema'

type Schemas = components['schemas']
type Body<Operation> = Operation extends { requestBody?: { content: { 'application/json': infer Sent } } }
  ? Sent
  : never
type Answer<Operation> = Operation extends { responses: infer Responses }
  ? Responses extends { 200: { content: { 'application/json': infer Said } } }
    ? Said
    : Responses extends { 201: { content: { 'application/json': infer Said } } }
      ? Said
      : never
  : never
type Query<Operation> = Operation extends { parameters: { query?: infer Asked } } ? NonNullable<Asked> : never
type Path = keyof paths
type Item<Listing> = Listing extends { items: (infer One)[] } ? One : never
type Room<Name extends string> = `/api/v1/${Name}` extends Path ? paths[`/api/v1/${Name}`] : never

export type Page<Thing> = { items: Thing[]; next?: string | null; total?: number | null }
export type Paging = { limit?: number; after?: string; sort?: string }

export type Session = Answer<Room<'identity/session'>['get']>
export type NewSession = Body<Room<'identity/sessions'>['post']>
export type FieldRight = Schemas['FieldRight']
export type Step = Session['step']
export type Locale = Session['person']['locale']
export type Theme = Session['person']['theme']
export type PasswordPolicy = Session['password_policy']
export type Proof = NonNullable<Body<Room<'identity/session/totp-enrolment'>['post']>>
export type TotpEnrolment = Answer<Room<'identity/session/totp-enrolment'>['post']>
export type TotpEnrolled = Answer<Room<'identity/session/totp-enrolment'>['put']>
export type OpenSession = Item<Answer<Room<'identity/sessions'>['get']>>

export type Person = Item<Answer<Room<'identity/people'>['get']>>
export type PeopleFilter = Query<Room<'identity/people'>['get']>
export type NewPerson = Body<Room<'identity/people'>['post']>
export type PersonCreated = Answer<Room<'identity/people'>['post']>
export type PersonChanges = Body<Room<'identity/people/{id}'>['patch']>
export type PersonState = Person['state']
export type Grant = NonNullable<Person['grants']>[number]
export type NewGrant = Schemas['GrantToGive']
export type Scope = Schemas['Scope']

export type OrgUnit = Item<Answer<Room<'identity/org-units'>['get']>>
export type UnitKind = OrgUnit['kind']

export type Role = Item<Answer<Room<'identity/roles'>['get']>>
export type NewRole = Body<Room<'identity/roles'>['post']>
export type Catalogue = Answer<Room<'identity/permissions'>['get']>
export type PermissionCode = Schemas['Permission']
export type Labelled = Catalogue['things'][number]
export type Permission = Catalogue['permissions'][number]

export type SecurityPolicy = Answer<Room<'identity/policy'>['get']>

export type ApiToken = Item<Answer<Room<'identity/tokens'>['get']>>

export type Job = Item<Answer<Room<'system/jobs'>['get']>>
export type JobState = Job['state']
export type JobFigures = Answer<Room<'system/jobs/figures'>['get']>

export type Tenant = Item<Answer<Room<'platform/tenants'>['get']>>
export type NewTenant = Body<Room<'platform/tenants'>['post']>
export type TenantCreated = Answer<Room<'platform/tenants'>['post']>

export type AuditEntry = Item<Answer<Room<'identity/audit'>['get']>>
export type AuditFilter = Query<Room<'identity/audit'>['get']>
export type AuditVerdict = Answer<Room<'identity/audit/verify'>['post']>
export type Outcome = AuditEntry['outcome']
