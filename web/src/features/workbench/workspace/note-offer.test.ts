import { describe, expect, it } from 'vitest'
import type { ResultCode } from '@/api/casework-types'
import { emptyDraft, type Draft } from './draft'
import { offersOf, standingOf, taking, type Heard, type Offer } from './note-offer'

const said = { sentence: '我下周五还三千五', at: 42.5, is_ours: false }
const heard: Heard = {
  call_id: 'c',
  source: 'live',
  result: { ...said, value: 'PPTP' },
  promise_due_on: { ...said, value: '2026-03-13' },
  promise_amount_fen: { ...said, value: 350_000 },
  next_contact: { ...said, value: '2026-03-13', hour: null },
  reason: { ...said, value: '失业' },
}
const RESULTS: Record<string, Partial<ResultCode>> = {
  PPTP: { levels: ['right_party'], required: ['promise_amount', 'promise_due_on'] },
  PTP: { levels: ['right_party'], required: ['promise_amount', 'promise_due_on'] },
  CB: { levels: ['right_party', 'third_party'], required: ['call_back_at'] },
}
const codes = { result: (code: string) => RESULTS[code] as ResultCode | undefined }
const TOLD = { owing: 800_000, reasonNote: '未还原因：失业' }

function taken(offers: readonly Offer[], draft: Draft = emptyDraft()): Draft {
  return offers.reduce((now, offer) => ({ ...now, ...taking(offer, now, codes, TOLD) }), draft)
}
const one = (field: Offer['field'], from: Heard = heard): Offer =>
  offersOf(from).find((offer) => offer.field === field) as Offer

describe('what was heard', () => {
  it('is offered with its sentence and its second', () => {
    expect(offersOf(heard).map(({ field }) => field)).toEqual(['result', 'amount', 'day', 'next', 'reason'])
    expect(one('amount')).toMatchObject({ value: '350000', sentence: said.sentence, at: 42.5 })
  })

  it('is not offered where nothing was said', () => {
    const nothing = { result: null, promise_due_on: null, promise_amount_fen: null, next_contact: null, reason: null }
    expect(offersOf({ call_id: 'c', source: null, ...nothing })).toEqual([])
  })

  it('says when the hour is a guess', () => {
    expect(one('next')).toMatchObject({ value: '2026-03-13T10:00:00+08:00', isGuessed: true })
    const hour = { ...heard, next_contact: { ...said, value: '2026-03-13', hour: '15:30:00' } }
    expect(one('next', hour)).toMatchObject({ value: '2026-03-13T15:30:00+08:00', isGuessed: false })
  })
})

describe('an offer that is taken over', () => {
  it('fills the draft and nothing else', () => {
    expect(taken(offersOf(heard))).toEqual({
      ...emptyDraft(),
      level: 'right_party',
      resultCode: 'PPTP',
      amountFen: 350_000,
      day: '2026-03-13',
      nextActionAt: '2026-03-13T10:00:00+08:00',
      note: '未还原因：失业',
    })
  })

  it('promises the whole sum where none was named', () => {
    const whole = one('result', { ...heard, result: { ...said, value: 'PTP' } })
    expect(taken([whole]).amountFen).toBe(800_000)
  })

  it('writes the next contact where the result asks for it', () => {
    const draft = taken([one('result', { ...heard, result: { ...said, value: 'CB' } }), one('next')])
    expect([draft.callBackAt, draft.nextActionAt]).toEqual(['2026-03-13T10:00:00+08:00', ''])
  })

  it('moves to whom the result belongs, if it cannot belong to whom was reached', () => {
    expect(taken([one('result')], { ...emptyDraft(), level: 'no_contact' }).level).toBe('right_party')
  })

  it('adds the reason to the note that is there', () => {
    expect(taken([one('reason')], { ...emptyDraft(), note: '情绪平稳' }).note).toBe('情绪平稳\n未还原因：失业')
  })
})

describe('how an offer stands', () => {
  it.each([
    ['amount', {}, 'open'],
    ['amount', { amountFen: 350_000 }, 'taken'],
    ['amount', { amountFen: 100 }, 'other'],
    ['day', { day: '2026-03-14' }, 'other'],
    ['result', { resultCode: 'PPTP' }, 'taken'],
    ['next', { nextActionAt: '2026-03-13T10:00:00+08:00' }, 'taken'],
    ['reason', { note: '失业三个月' }, 'taken'],
    ['reason', { note: '没说' }, 'open'],
  ] as const)('%s beside %o is %s', (field, written, expected) => {
    expect(standingOf(one(field), { ...emptyDraft(), ...written }, codes)).toBe(expected)
  })
})
