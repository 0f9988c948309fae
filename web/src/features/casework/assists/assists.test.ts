import { describe, expect, it } from 'vitest'
import { turnsOf } from './assists'

describe('a request for help', () => {
  const asked = { asked_by: 'mei', helper_id: null }

  it('is taken by somebody else than whoever asked', () => {
    expect(turnsOf({ ...asked, state: 'open' }, 'boss', true)).toEqual(['take'])
    expect(turnsOf({ ...asked, state: 'open' }, 'mei', true)).toEqual(['withdraw'])
  })

  it('is answered by whoever took it, and withdrawn by whoever asked', () => {
    const taken = { ...asked, state: 'taken' as const, helper_id: 'boss' }
    expect(turnsOf(taken, 'boss', true)).toEqual(['answer'])
    expect(turnsOf(taken, 'mei', true)).toEqual(['withdraw'])
    expect(turnsOf(taken, 'lan', true)).toEqual([])
  })

  it.each(['done', 'withdrawn'] as const)('that is %s is left alone', (state) => {
    expect(turnsOf({ ...asked, state, helper_id: 'boss' }, 'boss', true)).toEqual([])
  })

  it('is only read by whoever does not work cases', () => {
    expect(turnsOf({ ...asked, state: 'open' }, 'owner', false)).toEqual([])
  })
})
