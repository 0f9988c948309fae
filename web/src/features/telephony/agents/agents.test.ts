import { describe, expect, it } from 'vitest'
import { secondsIn, stateWords, type Span } from './agents'

const span = (state: Span['state'], began_at: string, ended_at: string | null): Span => ({
  state,
  reason: null,
  call_id: null,
  began_at,
  ended_at,
})

describe('an agent', () => {
  it('rests for a reason that is said', () => {
    expect(stateWords({ state: 'not_ready', reason: 'meal' }, (key) => key)).toBe(
      'telephony.agentState.not_ready · telephony.reason.meal',
    )
    expect(stateWords({ state: 'ready', reason: null }, (key) => key)).toBe('telephony.agentState.ready')
  })

  it('has her times added up by state, the open one until now', () => {
    const spans = [
      span('ready', '2026-03-05T01:00:00Z', '2026-03-05T01:10:00Z'),
      span('on_call', '2026-03-05T01:10:00Z', '2026-03-05T01:12:00Z'),
      span('ready', '2026-03-05T01:12:00Z', null),
    ]
    expect(secondsIn(spans, Date.parse('2026-03-05T01:13:00Z'))).toEqual({ ready: 660, on_call: 120 })
  })
})
