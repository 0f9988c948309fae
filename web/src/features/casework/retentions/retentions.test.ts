import { describe, expect, it } from 'vitest'
import { turnsOf } from './retentions'

describe('a request to keep cases', () => {
  it('is answered by whoever speaks with the creditor, and taken back by whoever may ask', () => {
    expect(turnsOf({ state: 'asked' }, true, true)).toEqual(['granted', 'refused', 'withdraw'])
    expect(turnsOf({ state: 'asked' }, true, false)).toEqual(['withdraw'])
    expect(turnsOf({ state: 'asked' }, false, false)).toEqual([])
  })

  it.each(['granted', 'refused', 'withdrawn'] as const)('that is %s is left alone', (state) => {
    expect(turnsOf({ state }, true, true)).toEqual([])
  })
})
