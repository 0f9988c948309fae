import { describe, expect, it } from 'vitest'
import { inTime, lastNumber, lineOf, metOf, withLater, type HeardLine, type LiveCall } from './live-watch'

const line = (number: number, track: HeardLine['track'], start: number): HeardLine => ({
  number,
  track,
  start,
  end: start + 1,
  text: `${number}`,
  is_masked: false,
})
const call = (lines: HeardLine[], more: Partial<LiveCall> = {}): LiveCall => ({
  call_id: 'c',
  is_heard: true,
  why_not: null,
  lines,
  so_far: [],
  checklist: [],
  warnings: [],
  signals: [],
  ...more,
})

describe('what was told of a call', () => {
  it('keeps known lines and takes the rest as it was told last', () => {
    const seen = call([line(1, 'agent', 0)], { so_far: [{ track: 'debtor', start: 1, text: '我下' }] })
    const later = call([line(2, 'debtor', 1)], { checklist: [{ code: 'P02', title: '', state: 'met', at: 1 }] })
    const now = withLater(seen, later)
    expect(now.lines.map(({ number }) => number)).toEqual([1, 2])
    expect([now.so_far, now.checklist]).toEqual([[], later.checklist])
  })

  it('shows a line once, however often it is told', () => {
    const seen = call([line(1, 'agent', 0), line(2, 'debtor', 1)])
    const again = withLater(seen, call([line(2, 'debtor', 1), line(3, 'agent', 4)]))
    expect(again.lines.map(({ number }) => number)).toEqual([1, 2, 3])
  })

  it('never mixes two calls', () => {
    const other = call([line(1, 'agent', 0)], { call_id: 'other' })
    expect(withLater(call([line(1, 'agent', 0), line(2, 'agent', 2)]), other)).toBe(other)
  })

  it('says after which line it wants to hear more', () => {
    expect([lastNumber(null), lastNumber(call([line(4, 'agent', 0)]))]).toEqual([0, 4])
  })
})

describe('lines', () => {
  const lines = [line(1, 'agent', 3), line(2, 'debtor', 1), line(3, 'debtor', 6)]

  it('stand in the order people began to speak, not in that of the recogniser', () => {
    expect(inTime(lines).map(({ number }) => number)).toEqual([2, 1, 3])
  })

  it.each([
    ['debtor', 0.5, undefined],
    ['debtor', 2, 2],
    ['agent', 4, 1],
    ['debtor', 60, 3],
  ] as const)('of the %s at %d s point to line %s', (track, at, number) => {
    expect(lineOf(lines, track, at)?.number).toBe(number)
  })
})

it('the points that were said are counted', () => {
  const check = (state: 'met' | 'waiting' | 'missed') => ({ code: '', title: '', state, at: null })
  expect(metOf([check('met'), check('waiting'), check('missed'), check('met')])).toBe(2)
})
