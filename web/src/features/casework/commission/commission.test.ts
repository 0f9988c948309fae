import { describe, expect, it } from 'vitest'
import { monthBefore, overallRate, rateText, sumOf } from './commission'

describe('a rate', () => {
  it.each([
    ['3/20', '15%'],
    ['11/50', '22%'],
    ['1/8', '12.5%'],
    ['1/3', '33.33%'],
    ['0', '0%'],
    ['1', '100%'],
    ['-1/8', '-12.5%'],
  ])('of %s reads %s', (rate, text) => {
    expect(rateText(rate)).toBe(text)
  })

  it('of nothing is not reckoned', () => {
    expect(overallRate({ base_fen: 0, commission_fen: 0 })).toBe('—')
  })

  it('of sums that were cut to the fen is the one that was agreed', () => {
    expect(overallRate({ base_fen: 60_459_383, commission_fen: 4_836_750 })).toBe('8%')
    expect(overallRate({ base_fen: -60_459_383, commission_fen: -4_836_750 })).toBe('8%')
    expect(overallRate({ base_fen: 900_719_925_474_099, commission_fen: 90_071_992_547_409 })).toBe('10%')
  })
})

describe('groups', () => {
  it('are added up to the fen, what was taken back too', () => {
    const group = { bucket: 'M1', tier: 1, is_without_rate: false }
    expect(
      sumOf([
        { ...group, payments: 2, base_fen: 100_001, commission_fen: 8_000 },
        { ...group, payments: 1, base_fen: -50_000, commission_fen: -4_000 },
      ]),
    ).toEqual({ payments: 3, base_fen: 50_001, commission_fen: 4_000 })
  })
})

describe('the month before', () => {
  it.each([
    ['2026-11-23', '2026-10-01', '2026-10-31'],
    ['2026-01-05', '2025-12-01', '2025-12-31'],
    ['2028-03-31', '2028-02-01', '2028-02-29'],
  ])('%s goes from %s to %s', (today, from_on, until_on) => {
    expect(monthBefore(today)).toEqual({ from_on, until_on })
  })
})
