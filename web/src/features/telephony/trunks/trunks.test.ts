import { expect, it } from 'vitest'
import { blankTrunk, fieldsOf, healthOf, isAnswer, type Trunk } from './trunks'

const trunk = (more: Partial<Trunk> = {}): Trunk => ({
  ...blankTrunk(),
  id: '1',
  state: 'active',
  is_rehearsal: false,
  failures: 0,
  rests_until: null,
  version: 1,
  has_secret: true,
  calls_now: 0,
  is_resting: false,
  ...more,
})

it('a trunk that failed too often rests, unless somebody has paused it', () => {
  expect(healthOf(trunk({ is_resting: true }))).toBe('resting')
  expect(healthOf(trunk({ is_resting: true, state: 'paused' }))).toBe('paused')
  expect(healthOf(trunk())).toBe('active')
})

it.each([
  ['sip:403', true],
  ['q850:31', true],
  ['sip:200', false],
  ['403', false],
  ['q850:', false],
])('%s names an answer: %s', (word, is) => {
  expect(isAnswer(word)).toBe(is)
})

it('the form takes what may be written, and a copy of it', () => {
  const one = trunk({ reasons: { 'sip:403': 'suspended' } })
  const fields = fieldsOf(one)
  fields.reasons['sip:404'] = 'empty_number'
  expect(one.reasons).toEqual({ 'sip:403': 'suspended' })
  expect(fields).not.toHaveProperty('version')
})
