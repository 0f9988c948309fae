import { describe, expect, it } from 'vitest'
import { precision } from './figures'

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
