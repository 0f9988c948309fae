import { describe, expect, it } from 'vitest'
import { kappaText, leastTrusted, nextSheet, percent, progressOf, type RuleReviewed, type Sheet } from './calibrations'

const sheet = (call_id: string, isRated: boolean): Sheet => ({ call_id, mine: isRated ? {} : null }) as Sheet
const rule = (rule_id: string, precision: number | null, found = 1): RuleReviewed =>
  ({ rule_id, precision, found }) as RuleReviewed

describe('a round of calibration', () => {
  it.each([
    [0, 2, 3, 0],
    [3, 2, 3, 50],
    [5, 2, 3, 83],
    [6, 2, 3, 100],
    [0, 0, 0, 0],
  ])('with %s judgements of %s inspectors on %s calls has come %s per cent', (ratings, judges, calls, expected) => {
    expect(progressOf({ ratings, judges, calls })).toBe(expected)
  })

  it('goes on with the next call that is not judged yet, round to the beginning', () => {
    const sheets = [sheet('a', false), sheet('b', true), sheet('c', false)]
    expect(nextSheet(sheets, null)?.call_id).toBe('a')
    expect(nextSheet(sheets, 'a')?.call_id).toBe('c')
    expect(nextSheet(sheets, 'c')?.call_id).toBe('a')
    expect(nextSheet([sheet('a', true)], 'a')).toBeNull()
  })
})

it('figures that cannot be counted are not invented', () => {
  expect([percent(null), percent(0.667), kappaText(null), kappaText(0.5)]).toEqual(['—', '67%', '—', '0.50'])
})

it('the rule that is trusted least comes first, and what nobody has looked at last', () => {
  const rules = [rule('unseen', null, 9), rule('good', 0.9), rule('bad', 0.4), rule('rare', null, 2)]
  expect(leastTrusted(rules).map(({ rule_id: id }) => id)).toEqual(['bad', 'good', 'unseen', 'rare'])
})
