import { describe, expect, it } from 'vitest'
import type { ResultCode } from '@/api/casework-types'
import { emptyDraft, entryOf, isEmpty, missing, readDraft } from './draft'

const result = (
  code: string,
  required: ResultCode['required'],
  levels: ResultCode['levels'] = ['right_party'],
): ResultCode => ({
  code,
  zh: code,
  en: code,
  levels,
  required,
  follows: [],
  may_be_chosen: true,
})
const PROMISE = result('PTP', ['promise_amount', 'promise_due_on'])

describe('a draft', () => {
  it('of which nothing is written is empty, whichever number was called', () => {
    expect(isEmpty({ ...emptyDraft(), phoneId: 'phone' })).toBe(true)
    expect(isEmpty({ ...emptyDraft(), note: '  ' })).toBe(true)
    expect(isEmpty({ ...emptyDraft(), amountFen: 0 })).toBe(false)
  })

  it('survives a reload', () => {
    const draft = { ...emptyDraft(), resultCode: 'PTP', amountFen: 120_050, day: '2026-12-01', note: '月底还' }
    expect(readDraft(JSON.stringify(draft))).toEqual(draft)
  })

  it.each([null, '', '{', '7', 'null'])('that is damaged (%s) is no draft', (kept) => {
    expect(readDraft(kept)).toBeNull()
  })

  it('of another version keeps what is still understood', () => {
    const kept = readDraft(JSON.stringify({ note: '旧备注', day: 20_261_201, colour: 'red' }))
    expect(kept).toEqual({ ...emptyDraft(), note: '旧备注' })
  })

  it('says what its result still demands, in the order of the form', () => {
    expect(missing(emptyDraft(), PROMISE)).toEqual(['promise_amount', 'promise_due_on'])
    expect(missing({ ...emptyDraft(), amountFen: 0, day: '2026-12-01' }, PROMISE)).toEqual(['promise_amount'])
    expect(missing({ ...emptyDraft(), amountFen: 1, day: '2026-12-01' }, PROMISE)).toEqual([])
  })
})

describe('an entry', () => {
  it('takes a promise along and nothing that was not asked for', () => {
    const draft = {
      ...emptyDraft(),
      amountFen: 99_900,
      day: '2026-12-01',
      phoneId: 'phone',
      disputeReason: 'left over',
      note: ' 好 ',
    }
    expect(entryOf('case', draft, PROMISE, 'attempt')).toEqual({
      case_id: 'case',
      action_code: 'OB',
      result_code: 'PTP',
      note: '好',
      phone_id: 'phone',
      attempt_id: 'attempt',
      promise: { amount_fen: 99_900, due_on: '2026-12-01' },
    })
  })

  it('plans the agreed call back as the next action', () => {
    const draft = {
      ...emptyDraft(),
      callBackAt: '2026-12-01T10:00:00+08:00',
      nextActionAt: '2026-12-05T10:00:00+08:00',
    }
    expect(entryOf('case', draft, result('CB', ['call_back_at']), null).next_action_at).toBe(
      '2026-12-01T10:00:00+08:00',
    )
  })
})
