import { beforeEach, describe, expect, it } from 'vitest'
import { forgetReady, rememberReady, wasReady } from './ready-again'

describe('a reload', () => {
  beforeEach(forgetReady)

  it('lets her be ready again, once', () => {
    rememberReady('me', 1000)
    expect([wasReady('me', 5000), wasReady('me', 5000)]).toEqual([true, false])
  })

  it.each([
    ['who comes an hour later', 'me', 3_600_000],
    ['somebody else', 'you', 2000],
    ['who was never there', undefined, 2000],
  ])('does not make %s ready', (_, who, now) => {
    rememberReady('me', 1000)
    expect(wasReady(who, now)).toBe(false)
  })
})
