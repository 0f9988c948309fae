import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaseGate, CaseInFull, Phone, ResultCode, TimelineEntry } from '@/api/casework-types'
import type { Call } from '../../telephony/calls/calls'
import { atHand, outcomeOf } from './call'
import { useCases } from './case-store'
import { share, wishOf } from './dialogs/wish'
import { dispositionOf, toldBy } from './disposition'
import { emptyDraft } from './draft'
import { useDrafts } from './drafts'
import { firstToCall } from './gate'
import { MOST_TABS, useTabs } from './tabs'
import { lineOf } from './timeline'

beforeEach(() => {
  localStorage.clear()
  setActivePinia(createPinia())
})

const phone = (id: string, more: Partial<Phone> = {}): Phone =>
  ({ id, relation: 'debtor', state: 'unknown', is_right_party: null, number_masked: id, ...more }) as Phone
const gate = (allowed: Record<string, boolean>): CaseGate =>
  ({
    points: Object.entries(allowed).map(([phone_id, open]) => ({
      phone_id,
      channels: [{ channel: 'voice_interactive', allowed: open }],
    })),
  }) as unknown as CaseGate

describe('the number that one click calls', () => {
  it('is the best that the gate lets through', () => {
    const phones = [
      phone('contact', { relation: 'related_third_party' }),
      phone('old'),
      phone('proven', { is_right_party: true }),
    ]
    expect(firstToCall(phones, gate({ contact: true, old: true, proven: true }))?.id).toBe('proven')
    expect(firstToCall(phones, gate({ contact: true, old: true, proven: false }))?.id).toBe('old')
  })

  it('is still named when the gate is shut, so that the refusal can be read', () => {
    expect(firstToCall([phone('only')], gate({ only: false }))?.id).toBe('only')
    expect(firstToCall([], null)).toBeNull()
  })
})

describe('tabs', () => {
  it('give the neighbour the floor when the active one closes', () => {
    const tabs = useTabs()
    for (const id of ['a', 'b', 'c']) tabs.show(id)
    tabs.active = 'b'
    tabs.close('b')
    expect([tabs.ids, tabs.active]).toEqual([['a', 'c'], 'c'])
    tabs.close('c')
    expect(tabs.active).toBe('a')
  })

  it('are never opened twice, and never too many', () => {
    const tabs = useTabs()
    for (let n = 0; n < MOST_TABS + 3; n += 1) tabs.show(`case-${n}`)
    tabs.show('case-20')
    expect(tabs.ids).toHaveLength(MOST_TABS)
    expect(tabs.active).toBe('case-20')
  })

  it('are all closed at once while the drafts stay', () => {
    const [tabs, drafts] = [useTabs(), useDrafts()]
    tabs.show('a')
    drafts.of('a').note = '说到一半'
    drafts.keep('a')
    tabs.closeAll()
    expect(tabs.ids).toEqual([])
    setActivePinia(createPinia())
    expect(useDrafts().of('a').note).toBe('说到一半')
  })
})

describe('a known case', () => {
  const answer = (body: unknown, status = 200): Response =>
    new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
  const server = (full: () => Response) =>
    vi.stubGlobal('fetch', (request: Request) => {
      const { pathname } = new URL(request.url)
      if (pathname.endsWith('/timeline'))
        return Promise.resolve(answer({ items: [{ kind: 'event', id: '1' }], next: null }))
      if (pathname.includes('contact-gate')) return Promise.resolve(answer({ case_id: 'a', points: [] }))
      return Promise.resolve(full())
    })

  it('is asked for once and shown from memory afterwards', async () => {
    const asked = vi.fn(() => answer({ id: 'a', linked_count: 0 } as CaseInFull))
    server(asked)
    const cases = useCases()
    await cases.load('a')
    await cases.load('a')
    expect(cases.of('a').full?.id).toBe('a')
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('is forgotten at once when it was taken out of sight', async () => {
    server(() => answer({ id: 'a', linked_count: 0 }))
    const cases = useCases()
    await cases.load('a')
    expect(cases.of('a').timeline).toHaveLength(1)
    server(() => answer({ code: 'NOT_FOUND', message: '找不到', facts: {} }, 404))
    await cases.refresh('a')
    expect(cases.of('a').full).toBeNull()
    expect(cases.of('a').timeline).toEqual([])
    expect(cases.of('a').failure).not.toBeNull()
  })
})

it.each([
  ['PTP', ['right_party'], 'effective'],
  ['LM', ['third_party'], 'effective'],
  ['NA', ['no_contact'], 'unanswered'],
  ['REJ', ['no_contact'], 'answered'],
] as const)('a call that ended as %s (%s) was %s', (code, levels, outcome) => {
  expect(outcomeOf({ code, levels: [...levels] } as ResultCode)).toBe(outcome)
})

describe('a wish', () => {
  const form = {
    kind: 'lump_sum_settlement' as const,
    toPay: null,
    percent: 100,
    instalments: 1,
    firstOn: '',
    downPayment: null,
  }

  it('waits for the sum of a settlement and for the first day of instalments', () => {
    expect(wishOf('case', form)).toBeNull()
    expect(wishOf('case', { ...form, toPay: 500_000 })).toEqual({
      case_id: 'case',
      kind: 'lump_sum_settlement',
      instalments: 1,
      down_payment_fen: 0,
      to_pay_fen: 500_000,
    })
    expect(wishOf('case', { ...form, kind: 'instalment_relief', instalments: 12 })).toBeNull()
  })

  it('names the share of each component that a waiver covers', () => {
    expect(wishOf('case', { ...form, kind: 'penalty_waiver', percent: 37.5 })?.components).toEqual({
      penalty_interest: '0.375',
      late_charge: '0.375',
    })
    expect([share(100), share(5), share(0.1)]).toEqual(['1', '0.050', '0.001'])
  })
})

it('an entry of the diary says action, result and number', () => {
  const entry = {
    kind: 'activity',
    id: '1',
    at: '',
    by: null,
    facts: { action_code: 'OB', result_code: 'NA', phone_id: 'p', note: '' },
  } as TimelineEntry
  const line = lineOf(entry, {
    t: (key) => key,
    resultText: (code) => `<${code}>`,
    actionText: (code) => `[${code}]`,
    numberOf: () => '138****0001',
  })
  expect(line).toMatchObject({ title: '[OB] · <NA>', detail: '138****0001' })
})

describe('a call at hand', () => {
  const call: Call = {
    id: 'call',
    direction: 'outbound',
    phase: 'ended',
    number_masked: '138****0001',
    subject_kind: 'case',
    subject_id: 'case',
    point_id: 'phone',
    agent_id: 'agent',
    person_id: 'person',
    asked_at: '2026-03-05T01:00:00Z',
    ringing_at: null,
    connected_at: null,
    ended_at: '2026-03-05T01:00:20Z',
    ended_by: 'debtor',
    ending: 'powered_off',
    number_state: 'powered_off',
    refused_reason: null,
    guest: null,
  }

  it.each([
    ['powered_off', 'no_contact', 'OFF'],
    ['timed_out', 'no_contact', 'NA'],
    ['empty_number', 'no_contact', 'EMP'],
    ['congested', 'no_contact', ''],
  ] as const)('that ended as %s tells its result by itself', (ending, level, resultCode) => {
    expect(toldBy(atHand({ ...call, ending }, 'case'), 'debtor')).toEqual({ level, resultCode })
  })

  it('that was talked in tells whose number it was, and no result', () => {
    const talked = atHand({ ...call, connected_at: call.asked_at, ending: 'hung_up' }, 'case')
    expect(toldBy(talked, 'debtor')).toEqual({ level: 'right_party', resultCode: '' })
    expect(toldBy(talked, 'related_third_party')).toEqual({ level: 'third_party', resultCode: '' })
  })

  const result = { code: 'OFF', levels: ['no_contact'], required: [] } as unknown as ResultCode

  it('over the phone is named with its entry, and what became of it the house knows', () => {
    const hand = { ...atHand(call, 'case'), attemptId: 'attempt' }
    const told = dispositionOf('case', emptyDraft(), result, hand)
    expect(told).toMatchObject({ call_id: 'call', attempt_id: 'attempt', activity: { result_code: 'OFF' } })
    expect(told).not.toHaveProperty('outcome')
  })

  it('that was dialled by hand has its outcome told', () => {
    const hand = { ...atHand(call, 'case'), callId: null, attemptId: 'attempt' }
    expect(dispositionOf('case', emptyDraft(), result, hand)).toMatchObject({
      attempt_id: 'attempt',
      outcome: 'unanswered',
    })
  })

  it('is not needed for an entry', () => {
    expect(Object.keys(dispositionOf('case', emptyDraft(), result, null))).toEqual(['activity'])
  })
})
