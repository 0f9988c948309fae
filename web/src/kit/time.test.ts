import { expect, it } from 'vitest'
import { dateText, dayFromNow, exactText, instantText } from './time'

it('tells the time of China, wherever it is looked at from', () => {
  expect(instantText('2026-11-24T00:00:00Z')).toBe('2026-11-24 08:00')
  expect(exactText('2026-11-23T23:59:58+08:00')).toBe('2026-11-23 23:59:58')
  expect(dateText('2026-11-23T16:00:00Z')).toBe('2026-11-24')
})

it('counts days by the calendar of China', () => {
  const lateEvening = new Date('2026-11-23T17:00:00Z')
  expect(dayFromNow(0, lateEvening)).toBe('2026-11-24')
  expect(dayFromNow(7, lateEvening)).toBe('2026-12-01')
  expect(dayFromNow(3, new Date('2026-02-27T15:30:00Z'))).toBe('2026-03-02')
})
