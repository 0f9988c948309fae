/** What the invented agency answers about its cases. */

import type { Answered, Asked } from './answer'
import * as world from './casework'

const ok = (body: unknown, status = 200): Answered => ({ status, body })
const missing: Answered = { status: 404, body: { code: 'NOT_FOUND', message: '找不到这条记录', facts: {} } }

function page<Item>(items: Item[], query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 50)
  const from = Number(query.get('after') ?? 0)
  return {
    items: items.slice(from, from + limit),
    next: from + limit < items.length ? String(from + limit) : null,
    total: null,
  }
}

function found(query: URLSearchParams) {
  const [q, list] = [query.get('q') ?? '', query.get('list')]
  const [states, buckets] = [query.getAll('state'), query.getAll('bucket')]
  return (list === null ? world.cases : world.onList(list)).filter(
    (line) =>
      (line.debtor.name.includes(q) || line.serial_no.includes(q)) &&
      (states.length === 0 || states.includes(line.state)) &&
      (buckets.length === 0 || buckets.includes(line.bucket)),
  )
}

function cases({ method, path, query, body }: Asked): Answered {
  const [, , one = '', verb = ''] = path.split('/')
  if (one === '') return ok(page(found(query), query))
  if (one === 'figures') {
    const lines = found(query)
    return ok({
      count: lines.length,
      owing_fen: lines.reduce((sum, line) => sum + line.owing_fen, 0),
      by_state: {},
      by_bucket: {},
    })
  }
  if (one === 'bulk') {
    const ids = (body.case_ids as string[] | undefined) ?? world.cases.map((line) => line.id)
    const items = ids.map((id, n) => ({
      id,
      done: n % 7 !== 3,
      zh: n % 7 === 3 ? '案件已停催，不能调整' : null,
      en: n % 7 === 3 ? 'The case is on hold' : null,
    }))
    return ok({
      done: items.filter((item) => item.done).length,
      refused: items.filter((item) => !item.done).length,
      items,
    })
  }
  const line = world.cases.find((known) => known.id === one)
  if (line === undefined) return missing
  const full = world.inFull(line)
  if (verb === 'timeline') return ok({ items: world.timelineOf(full), next: null })
  if (verb === 'linked') return ok([world.cases[40]])
  if (verb === 'reveal') return ok({ value: body.field === 'phone' ? '13800138000' : '330102199001011234' })
  return ok(full, method === 'POST' ? 201 : 200)
}

function propose(body: Record<string, unknown>): Answered {
  const line = world.cases.find((known) => known.id === body.case_id)
  if (line === undefined) return missing
  const owed = world.inFull(line).accounts.reduce<Record<string, number>>((sum, account) => {
    for (const [part, fen] of Object.entries(account.components)) sum[part] = (sum[part] ?? 0) + fen
    return sum
  }, {})
  const payable = Math.min(Number(body.to_pay_fen ?? line.owing_fen), line.owing_fen)
  let left = line.owing_fen - payable
  const waives = Object.fromEntries(
    ['late_charge', 'penalty_interest', 'fee', 'interest', 'principal'].map((part) => {
      const fen = Math.min(owed[part] ?? 0, left)
      left -= fen
      return [part, fen]
    }),
  )
  const pays = Object.fromEntries(Object.keys(owed).map((part) => [part, (owed[part] ?? 0) - (waives[part] ?? 0)]))
  const count = Number(body.instalments)
  const first = new Date(String(body.first_on))
  const installments =
    count > 1
      ? Array.from({ length: count }, (_, n) => {
          const due = new Date(first)
          due.setMonth(due.getMonth() + n)
          return {
            number: n + 1,
            due_on: due.toISOString().slice(0, 10),
            amount_fen: Math.floor(payable / count) + (n < payable % count ? 1 : 0),
          }
        })
      : []
  return ok({
    owed,
    pays,
    waives,
    owed_fen: line.owing_fen,
    payable_fen: payable,
    waived_fen: line.owing_fen - payable,
    installments,
    roles: ['supervisor', 'operations'],
    creditor_decides: true,
  })
}

function attempt(body: Record<string, unknown>): Answered {
  const line = world.cases.find((known) => known.id === body.case_id)
  if (line === undefined) return missing
  const gate = world.gateOf(world.inFull(line)).points.find((point) => point.phone_id === body.phone_id)?.channels[0]
  return ok(
    {
      id: `attempt-${Date.now()}`,
      case_id: line.id,
      phone_id: body.phone_id,
      allowed: gate?.allowed ?? false,
      rule_id: null,
      reason_zh: gate?.reason_zh ?? null,
      reason_en: gate?.reason_en ?? null,
      until: gate?.until ?? null,
    },
    201,
  )
}

/** The answer, or null where this wing has none. */
export function casework(asked: Asked): Answered | null {
  const { method, path, query, body } = asked
  const [wing, room, one] = path.split('/')
  switch (`${wing}/${room}`) {
    case 'casework/cases':
      return cases(asked)
    case 'casework/views':
      return ok(
        method === 'GET'
          ? [
              {
                id: '1',
                list_name: 'cases',
                name: '高额 M3',
                body: { filters: { bucket: 'M3', owing_from: '50000' } },
                version: 1,
              },
            ]
          : {},
      )
    case 'casework/activities':
      if (one === 'codes') return ok(world.codes)
      if (one === 'note-templates') return ok(world.templates)
      world.written.unshift({
        kind: 'activity',
        id: `written-${world.written.length}`,
        at: new Date().toISOString(),
        by: { id: 'me', name: '演示·赵晓棠' },
        facts: body,
      })
      return ok({ activity: body, promise: null }, 201)
    case 'casework/concessions':
      if (one === 'propose') return propose(body)
      if (method === 'POST') return ok(world.concessions[0], 201)
      return one === undefined
        ? ok(
            page(
              world.concessions.filter((known) => query.get('mine') === null || known.may_decide),
              query,
            ),
          )
        : ok(world.concessions.find((known) => known.id === one))
    case 'casework/promises':
    case 'casework/payments':
    case 'casework/payment-plans':
    case 'casework/holds':
    case 'casework/debtors':
      return ok({}, 201)
    case 'workbench/today':
      return ok(world.today())
    case 'workbench/attempts':
      return one === undefined ? attempt(body) : { status: 204 }
    case 'workbench/contact-gate': {
      const line = world.cases.find((known) => known.id === path.split('/')[3])
      return line === undefined ? missing : ok(world.gateOf(world.inFull(line)))
    }
    case 'workbench/work-orders':
      if (one === 'kinds') return ok(world.orderKinds)
      if (method === 'GET')
        return ok(
          page(
            world.orders.filter((order) => query.get('state') === null || order.state === query.get('state')),
            query,
          ),
        )
      return ok(world.orders[0])
    default:
      return null
  }
}
