/**
 * What the invented agency answers. A password `change`, `totp`, `enrol` leads to that step of the
 * login, `locked` locks; any other of at least six characters opens the door.
 */

import type { Page, Session } from '../src/api/types'
import { casework } from './casework-answer'
import * as world from './world'

export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> }
export type Answered = { status: number; body?: unknown }

let session: Session | null = null

export function signIn(employeeNo: string, step: Session['step'] = 'complete'): void {
  session = world.sessionOf(employeeNo, step)
}

export function signOut(): void {
  session = null
}

const ok = (body: unknown, status = 200): Answered => ({ status, body })
const refused = (status: number, code: string, message: string, facts: object = {}): Answered => ({
  status,
  body: { code, message, facts },
})

function page<Item>(items: Item[], query: URLSearchParams): Page<Item> {
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('after') ?? 0)
  const next = from + limit < items.length ? String(from + limit) : null
  return { items: items.slice(from, from + limit), next, total: items.length }
}

function sorted<Item extends object>(items: Item[], by: string | null): Item[] {
  if (by === null) return items
  const field = by.replace(/^-/, '') as keyof Item
  const turn = by.startsWith('-') ? -1 : 1
  return [...items].sort((one, other) => turn * String(one[field]).localeCompare(String(other[field]), 'zh'))
}

function logIn(body: Record<string, unknown>): Answered {
  if (body.password === 'locked') {
    return refused(423, 'LOCKED_OUT', '账户已锁定', { until: new Date(Date.now() + 292_000).toISOString() })
  }
  const person = world.people.find((one) => one.employee_no === body.login)
  const isKnown = person !== undefined || body.login === 'P0001'
  if (!isKnown || String(body.password).length < 4) {
    return refused(401, 'WRONG_CREDENTIALS', '工号、手机号或密码不正确')
  }
  const step = ({ change: 'password_change', totp: 'totp', enrol: 'totp_enrolment' } as const)[String(body.password)]
  signIn(String(body.login), step ?? 'complete')
  return ok(session, 201)
}

function complete(): Answered {
  if (session !== null) session.step = 'complete'
  return ok(session)
}

const QR = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h29v29H0z"/><path stroke="#000" d="${Array.from(
  { length: 29 * 29 },
  (_, n) => ((n * 7919 + ((n / 29) | 0) * 104729) % 7 < 3 ? `M${n % 29} ${((n / 29) | 0) + 0.5}h1` : ''),
).join('')}"/></svg>`

function identity(asked: Asked): Answered | null {
  const { method, query, body } = asked
  const [room = '', one = '', verb = ''] = asked.path.split('/')
  switch (`${method} ${room}`) {
    case 'GET people': {
      const found = world.people.find((known) => known.id === one)
      if (verb === 'sessions') return ok(page(world.ownSessions.map((known) => ({ ...known, current: false })), query))
      if (one !== '') return found === undefined ? refused(404, 'NOT_FOUND', '找不到这个人') : ok(found)
      const [q, unit, role, state] = ['q', 'unit_id', 'role', 'state'].map((name) => query.get(name) ?? '')
      const items = world.people.filter(
        (known) =>
          (known.name.includes(q!) || known.employee_no.includes(q!)) &&
          (unit === '' || known.unit?.id === unit) &&
          (role === '' || known.roles.some((held) => held.code === role)) &&
          (state === '' || known.state === state),
      )
      return ok(page(sorted(items, query.get('sort')), query))
    }
    case 'POST people': {
      const known = world.people.find((found) => found.id === one)
      if (known === undefined) {
        if (world.people.some((other) => other.employee_no === body.employee_no)) {
          return refused(409, 'EMPLOYEE_NO_TAKEN', '这个工号已经有人使用')
        }
        return ok({ person: { ...world.people[6], id: 'new', employee_no: body.employee_no, name: body.name }, initial_password: 'Kx7-mPq2-vTe9' }, 201)
      }
      if (verb === 'reveal') return ok({ value: '13800138000' })
      if (verb === 'reset-password') return ok({ person: known, initial_password: 'Rw4-hNc8-zLd3' })
      if (verb === 'disable') known.state = 'disabled'
      if (verb === 'enable' || verb === 'unlock') known.state = 'active'
      if (verb === 'reset-totp') known.totp_enrolled = false
      known.version += 1
      return ok(known)
    }
    case 'PATCH people':
    case 'PUT people': {
      const known = world.people.find((found) => found.id === one)
      if (known === undefined) return refused(404, 'NOT_FOUND', '找不到这个人')
      if (body.name === '冲突') {
        return refused(409, 'STALE_VERSION', '内容已被他人修改', { changed_by: '演示·林知远', changed_at: new Date().toISOString() })
      }
      Object.assign(known, { ...body, version: known.version + 1, grants: known.grants })
      return ok(known)
    }
    case 'GET org-units':
      return ok({ items: world.units })
    case 'POST org-units':
    case 'PATCH org-units':
      return ok(world.units.find((unit) => unit.id === one) ?? world.units[0])
    case 'DELETE org-units':
      return refused(409, 'UNIT_NOT_EMPTY', '这个组织下还有 4 个人，请先把他们调走')
    case 'GET roles':
      return ok(page(world.roles, query))
    case 'POST roles':
    case 'PATCH roles':
      return ok({ ...(world.roles.find((role) => role.id === one) ?? world.roles.at(-1)), ...body })
    case 'GET permissions':
      return ok(world.catalogue)
    case 'GET policy':
    case 'PUT policy':
      return ok(world.policy)
    case 'GET sessions':
      return ok(page(world.ownSessions, query))
    case 'GET tokens':
      return ok(page(world.tokens, query))
    case 'POST tokens':
      return ok({ ...world.tokens[0], name: body.name, token: 'anmi_5xq0Y2wq7Jm3V8cR1tZ6nK4hB9sL0dPfGa' }, 201)
    case 'GET audit': {
      const items = world.audit.filter(
        (entry) =>
          entry.action.includes(query.get('action') ?? '') &&
          (query.get('outcome') ?? entry.outcome) === entry.outcome &&
          (entry.actor?.name ?? '').includes(query.get('actor') ?? ''),
      )
      return ok(page(items, query))
    }
    case 'POST audit':
      return ok({
        entries: 5180,
        intact: false,
        faults: [{ seq: 4211, fault: 'changed', sentence_zh: '第 4211 条被修改过', sentence_en: 'Entry 4211 was changed' }],
      })
    default:
      return method === 'DELETE' ? { status: 204 } : null
  }
}

export function answer(asked: Asked): Answered {
  const { method, path, query, body } = asked
  const word = `${method} ${path}`
  if (word === 'GET identity/agency') {
    const tenant = world.tenants.find((known) => known.code === query.get('code'))
    return tenant === undefined ? refused(404, 'NOT_FOUND', '没有找到这个机构') : ok({ code: tenant.code, name: tenant.name })
  }
  if (word === 'POST identity/sessions') return logIn(body)
  if (session === null) return refused(401, 'NOT_SIGNED_IN', '请先登录')
  switch (word) {
    case 'GET identity/session':
      return ok(session)
    case 'DELETE identity/session':
      signOut()
      return { status: 204 }
    case 'POST identity/session/totp':
      return body.code === '000000' ? refused(401, 'WRONG_CODE', '动态码不正确，请核对手机时间后重试') : complete()
    case 'POST identity/session/password':
      return complete()
    case 'POST identity/session/totp-enrolment':
      return ok({ secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Anmi', qr_svg: QR })
    case 'PUT identity/session/totp-enrolment': {
      const codes = Array.from({ length: 10 }, (_, n) => `${7919 * (n + 13)}-${(104729 * (n + 5)).toString(36).slice(0, 5)}`)
      return ok({ recovery_codes: codes, session: { ...session, step: 'complete' } })
    }
    case 'PATCH identity/profile':
      Object.assign(session.person, body)
      return ok(session)
  }
  if (path.startsWith('identity/')) {
    return identity({ ...asked, path: path.slice('identity/'.length) }) ?? refused(404, 'NOT_FOUND', '找不到')
  }
  const worked = casework(asked)
  if (worked !== null) return worked
  if (word === 'GET system/jobs/figures') return ok({ queued: 4, running: 2, dead: 3, done: 18_240 })
  if (word === 'GET system/jobs') {
    const state = query.get('state')
    return ok(page(world.jobs.filter((job) => state === null || job.state === state), query))
  }
  if (word === 'GET platform/tenants') return ok(page(world.tenants, query))
  if (word === 'POST platform/tenants') return ok({ tenant: world.tenants[1], initial_password: 'Bq6-yTs1-kWm5' }, 201)
  return method === 'DELETE' ? { status: 204 } : ok(world.tenants[2])
}
