import { describe, expect, it } from 'vitest'
import { lineAt, type SpokenLine } from './transcripts'

const line = (number: number, began_ms: number): SpokenLine => ({
  number,
  channel: 0,
  began_ms,
  ended_ms: began_ms + 900,
  text: '',
  confidence: null,
  is_masked: false,
})

describe('the line that is being said', () => {
  const lines = [line(1, 500), line(2, 2000), line(3, 2500)]
  it.each([
    [0, undefined],
    [0.5, 1],
    [1.9, 1],
    [2.4, 2],
    [60, 3],
  ])('at %s s is line %s', (seconds, number) => {
    expect(lineAt(lines, seconds)?.number).toBe(number)
  })
})
