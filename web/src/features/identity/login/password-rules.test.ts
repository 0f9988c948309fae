import { describe, expect, it } from 'vitest'
import { classesOf, rulesFor } from './password-rules'

const policy = { min_length: 10, classes: 3, history: 5, max_age_days: 90 }
const met = (current: string, fresh: string, repeated = fresh): string[] =>
  rulesFor(policy, current, fresh, repeated)
    .filter((rule) => rule.isMet)
    .map((rule) => rule.word)

describe('password hints', () => {
  it.each([
    ['', 0],
    ['abc', 1],
    ['abcABC', 2],
    ['abcABC123', 3],
    ['abcABC123!', 4],
    ['密码 pass', 2],
  ])('count the kinds of characters in %j as %i', (password, kinds) => {
    expect(classesOf(password)).toBe(kinds)
  })

  it('promise nothing for an empty field', () => {
    expect(met('', '')).toEqual([])
  })

  it('count characters as people do', () => {
    expect(met('old', 'aB3456789😀')).toContain('length')
    expect(met('old', 'aB345678😀')).not.toContain('length')
  })

  it('are all met by a good password, typed twice', () => {
    expect(met('old', 'Calm-Voice-7')).toEqual(['length', 'classes', 'different', 'repeated'])
  })

  it('notice the old password and a slip of the finger', () => {
    expect(met('Calm-Voice-7', 'Calm-Voice-7')).not.toContain('different')
    expect(met('old', 'Calm-Voice-7', 'Calm-Voice-8')).not.toContain('repeated')
  })
})
