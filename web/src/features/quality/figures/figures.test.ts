import { describe, expect, it } from 'vitest'
import { precision, waitingSince } from './figures'

describe('how often a rule is right', () => {
  it.each([
    [0, 0, null],
    [3, 1, 75],
    [0, 2, 0],
    [2, 1, 67],
  ])('%s agreed and %s overruled are %s', (agreed, overruled, expected) => {
    expect(precision({ rule_id: 'V01.menace', code: 'V01', found: 9, agreed, overruled })).toBe(expected)
  })
})

describe('what waits to be heard', () => {
  const waiting = { unheard: 2, unheard_milliseconds: 0, unread: 1, is_late: true, late_after_seconds: 1800 }
  it.each([
    [null, null, null],
    ['2026-11-23T02:00:00Z', null, '2026-11-23T02:00:00Z'],
    ['2026-11-23T02:00:00Z', '2026-11-23T09:30:00+08:00', '2026-11-23T09:30:00+08:00'],
  ])('since %s and %s waits since %s', (unheard_since, unread_since, since) => {
    expect(waitingSince({ ...waiting, unheard_since, unread_since })).toBe(since)
  })
})
