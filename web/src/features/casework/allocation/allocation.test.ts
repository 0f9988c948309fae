import { describe, expect, it } from 'vitest'
import { blankDemand, demanded } from './allocation'

describe('what cases demand', () => {
  it('leaves out what demands nothing', () => {
    expect(demanded([blankDemand(), { ...blankDemand(), buckets: ['M3'] }])).toEqual([])
  })

  it('asks for skills and a level of cases of a kind', () => {
    const demand = { buckets: ['M3'], owing_from: 500_000, skills: ['车贷'], min_level: 2 }
    expect(demanded([demand])).toEqual([{ ...demand, products: [] }])
  })

  it('means every sum where none is typed', () => {
    expect(demanded([{ ...blankDemand(), skills: ['车贷'] }])[0]?.owing_from).toBe(0)
  })
})
