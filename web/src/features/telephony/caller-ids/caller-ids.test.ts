import { expect, it } from 'vitest'
import { blankCallerId, isNumber, isScarce, type CallerId } from './caller-ids'

const callerId = (more: Partial<CallerId>): CallerId => ({
  ...blankCallerId(),
  id: '1',
  number: '02161234567',
  unit_id: null,
  complaints: 0,
  state: 'active',
  rests_until: null,
  last_shown_at: null,
  shown_today: 0,
  version: 1,
  ...more,
})

it.each([
  ['02161234567', true],
  ['13800000000', true],
  ['95588', true],
  ['4001234567', true],
  ['110', false],
  ['+8613800000000', false],
])('%s may be leased: %s', (number, is) => {
  expect(isNumber(number)).toBe(is)
})

it('a number is scarce when its day or its good name is nearly used up', () => {
  expect(isScarce(callerId({ shown_today: 179 }))).toBe(false)
  expect(isScarce(callerId({ shown_today: 180 }))).toBe(true)
  expect(isScarce(callerId({ complaints: 2 }))).toBe(true)
  expect(isScarce(callerId({ complaints: 2, state: 'ended' }))).toBe(false)
})
