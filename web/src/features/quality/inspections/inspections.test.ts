import { describe, expect, it } from 'vitest'
import { scoreTone } from './inspections'

describe('a score', () => {
  it.each([
    [100, false, 'good'],
    [80, false, 'good'],
    [79, false, 'warn'],
    [59, false, 'bad'],
    [95, true, 'bad'],
  ] as const)('of %s (veto: %s) is %s', (score, isVetoed, tone) => {
    expect(scoreTone(score, isVetoed)).toBe(tone)
  })
})
