import { describe, expect, it } from 'vitest'
import { withTrack } from './recordings'
import { bars, secondsAt } from './waveform'

describe('a waveform', () => {
  it('is as loud as the loudest of each stretch', () => {
    expect(bars([0, 255, 51, 0, 0, 102], 3)).toEqual([1, 0.2, 0.4])
  })

  it('of little sound fills the room there is', () => {
    expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0])
  })

  it('of nothing is nothing', () => {
    expect(bars([], 10)).toEqual([])
    expect(bars([1], 0)).toEqual([])
  })

  it.each([
    [0, 0],
    [50, 30],
    [100, 60],
    [140, 60],
    [-5, 0],
  ])('leads from place %i to second %i', (x, seconds) => {
    expect(secondsAt(x, 100, 60)).toBe(seconds)
  })
})

it.each([
  ['/sound?key=a', '/sound?key=a&track=left'],
  ['/sound', '/sound?track=left'],
])('the address %s names its track', (url, named) => {
  expect(withTrack(url, 'left')).toBe(named)
})
