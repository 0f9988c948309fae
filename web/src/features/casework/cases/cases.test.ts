import { describe, expect, it } from 'vitest'
import { bodyOf, isReady } from './bulk'
import { asked, filtersOf } from './case-filter'

describe('the filters of the case list', () => {
  it('become what the API is asked', () => {
    expect(
      asked({ state: 'in_collection,promised', pool: 'true', owing_from: '1,234.5', dpd_to: '90', q: '6222' }),
    ).toEqual({
      q: '6222',
      state: ['in_collection', 'promised'],
      pool: true,
      owing_from: 123_450,
      dpd_to: 90,
    })
  })

  it('leave out a number that is none', () => {
    expect(asked({ owing_from: '很多', dpd_from: '-3', no_activity_days: 'x' })).toEqual({})
  })

  it('of a saved view take over only what this list knows', () => {
    expect(filtersOf({ filters: { bucket: 'M3', colour: 'red', state: 7 } })).toEqual({ bucket: 'M3' })
    expect(filtersOf({ filters: null })).toEqual({})
  })
})

describe('many cases at once', () => {
  const form = { reason: '', until: '', stage: '', nextAt: '', holderId: '', resultCode: '', note: '' }

  it('want a reason before they are given back', () => {
    expect(isReady('return', form)).toBe(false)
    expect(isReady('return', { ...form, reason: '委托方要求' })).toBe(true)
  })

  it('go to one collector, or to the pool without one', () => {
    const meant = { case_ids: ['a', 'b'] }
    expect(bodyOf('reallocate', { ...form, holderId: 'p', reason: '离职交接' }, meant).body).toEqual({
      ...meant,
      holder_id: 'p',
      reason: '离职交接',
    })
    expect(bodyOf('pool', { ...form, reason: '离职交接' }, meant).body).toEqual({ ...meant, reason: '离职交接' })
  })
})
