import { describe, expect, it } from 'vitest'
import { blankRow, bodyOf, draftOf, isSound, percentOf, shareOf } from './terms'

describe('rates', () => {
  it.each([
    ['0', '0'],
    ['12.5', '0.125'],
    ['30', '0.3'],
    ['0.01', '0.0001'],
    ['100', '1'],
    ['１２％', '0.12'],
  ])('of %s percent are kept as %s', (percent, share) => {
    expect(shareOf(percent)).toBe(share)
    expect(percentOf(share)).toBe(percent.normalize('NFKC').replace('%', ''))
  })

  it.each(['', '101', '-3', 'abc', '100.1'])('cannot be %s', (percent) => {
    expect(shareOf(percent)).toBeNull()
  })
})

describe('a commission table', () => {
  it('begins at nothing and rises', () => {
    const row = {
      ...blankRow(),
      steps: [
        { from: '0', rate: '10' },
        { from: '5000.00', rate: '12' },
      ],
    }
    expect(isSound([row])).toBe(true)
    expect(isSound([{ ...row, steps: [...row.steps].reverse() }])).toBe(false)
    expect(isSound([blankRow()])).toBe(false)
  })
})

describe('terms', () => {
  const body = {
    commission: [{ bucket: 'M3', mode: 'slice', steps: [{ from: '0', rate: '0.2' }] }],
    concessions: { kinds: ['extension'], delegated: { extension: '0.5' } },
    allocation_order: ['principal', 'interest', 'penalty_interest', 'late_charge', 'fee'],
    contact_rules: [{ rule_id: 'HOURS_BAN' }],
    keep_for_months: 72,
  }

  it('come out of the editor as they went in', () => {
    expect(bodyOf(draftOf(body), body)).toEqual({ ...body, promise: {} })
  })

  it('keep what is not edited here', () => {
    const draft = { ...draftOf(body), keep_for_months: null, tolerance_share: '90' }
    expect(bodyOf(draft, body)).toMatchObject({ contact_rules: [{ rule_id: 'HOURS_BAN' }], promise: { share: '0.9' } })
  })
})
