import { describe, expect, it } from 'vitest'
import { weightOf } from './scorecards'

describe('the weights of a scorecard', () => {
  it('are added up', () => {
    const one = { code: 'a', zh: '甲', en: 'A', is_critical: false, rules: [] }
    expect(
      weightOf([
        { ...one, weight: 60 },
        { ...one, weight: 40 },
      ]),
    ).toBe(100)
    expect(weightOf([])).toBe(0)
  })
})
