import { describe, expect, it } from 'vitest'
import { figures, places, unattended, warningsOf, type Floor, type FloorAgent, type FloorCall } from './floor'

const agent = (id: string, more: Partial<FloorAgent> = {}): FloorAgent => ({
  id,
  person_id: `person ${id}`,
  name: id,
  unit_id: 'u',
  unit_name: '一组',
  extension: '1001',
  phone_kind: 'browser',
  is_there: true,
  state: 'ready',
  reason: null,
  since: '100',
  call_id: null,
  ...more,
})
const call = (id: string, more: Partial<FloorCall> = {}): FloorCall => ({
  id,
  direction: 'outbound',
  phase: 'talking',
  agent_id: null,
  person_id: null,
  number_masked: '138****0001',
  asked_at: '0',
  connected_at: '0',
  ...more,
})
const floor = (agents: FloorAgent[], calls: FloorCall[] = []): Floor => ({
  at: '',
  agents,
  calls,
  waiting: calls.filter(({ phase }) => phase === 'waiting').length,
  engine: { switch: 'asterisk', is_well: true },
})

describe('places on the floor', () => {
  it('stand with those who talk first, and the longest of them on top', () => {
    const agents = [
      agent('rests', { state: 'not_ready' }),
      agent('talks', { state: 'on_call', since: '300' }),
      agent('waits'),
      agent('talks long', { state: 'on_call', since: '200' }),
    ]
    expect(places(floor(agents)).map((place) => place.agent.id)).toEqual(['talks long', 'talks', 'waits', 'rests'])
  })

  it('know their call by either name', () => {
    const agents = [agent('a', { state: 'on_call', call_id: 'one' }), agent('b', { state: 'wrap_up' })]
    const found = places(floor(agents, [call('one'), call('two', { agent_id: 'b' })]))
    expect(found.map((place) => place.call?.id)).toEqual(['one', 'two'])
  })

  it('leave calls over that nobody has taken', () => {
    const waiting = call('w', { phase: 'waiting', agent_id: null })
    expect(unattended(floor([agent('a')], [waiting, call('x', { agent_id: 'a' })]))).toEqual([waiting])
  })
})

describe('worth a look', () => {
  it.each([
    ['a talk of half an hour', agent('a', { state: 'on_call' }), call('c'), 1801, ['long_talk']],
    ['not a shorter one', agent('a', { state: 'on_call' }), call('c'), 1800, []],
    [
      'a debtor who hears music for two minutes',
      agent('a', { state: 'on_call' }),
      call('c', { phase: 'held' }),
      121,
      ['long_hold'],
    ],
    [
      'a phone that rings and rings',
      agent('a', { state: 'reserved' }),
      call('c', { phase: 'ringing' }),
      76,
      ['long_ring'],
    ],
    ['a long wrap-up', agent('a', { state: 'wrap_up' }), null, 181, ['long_wrap_up']],
    ['a long rest', agent('a', { state: 'not_ready', reason: 'meal' }), null, 1801, ['long_rest']],
    ['a rest that nobody chose', agent('a', { state: 'not_ready', reason: 'missed_call' }), null, 1, ['long_rest']],
    ['nobody who waits for a call', agent('a'), null, 9999, []],
  ] as const)('is %s', (_what, who, on, seconds, expected) => {
    expect(warningsOf({ agent: who, call: on }, () => seconds)).toEqual(expected)
  })
})

it('the wallboard counts everybody who is there', () => {
  const agents = [agent('a'), agent('b', { state: 'offline' }), agent('c', { state: 'on_call' })]
  const shown = figures(floor(agents, [call('one'), call('two', { phase: 'waiting' })]), (key) => key)
  expect(Object.fromEntries(shown.map(({ key, count }) => [key, count]))).toMatchObject({
    there: 2,
    ready: 1,
    on_call: 1,
    talking: 1,
    waiting: 1,
  })
})
