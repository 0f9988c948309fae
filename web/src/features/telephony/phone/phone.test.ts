import { describe, expect, it } from 'vitest'
import { RESTING, type Phone } from '@/softphone/machine'
import { lineWords } from './line-words'
import { learn, secondsSince } from './server-time'

const t = (key: string): string => key

describe('the line', () => {
  it.each<[string, Partial<Phone>, boolean, string]>([
    ['nothing while it is well', { line: 'registered' }, false, ''],
    ['that a rehearsal has no sound', { line: 'silent' }, true, 'telephony.line.silent'],
    ['nothing of a phone whose sound is elsewhere', { line: 'silent' }, false, ''],
    ['that another log-in has it', { line: 'taken_over' }, false, 'telephony.line.taken_over'],
    [
      'what keeps the microphone away, first of all',
      { line: 'registered', trouble: 'insecure' },
      false,
      'telephony.trouble.insecure',
    ],
  ])('says %s', (_what, phone, isRehearsal, word) => {
    expect(lineWords({ ...RESTING, ...phone }, isRehearsal, t).word).toBe(word)
  })
})

it('the clock of the house is as late as the latest it has told of', () => {
  const now = Date.parse('2026-03-05T00:00:00Z')
  expect(learn('2026-03-04T23:59:00Z', now)).toBe(now)
  expect(learn('2026-03-05T02:00:00Z', now)).toBe(now + 7_200_000)
  expect(learn(null, now)).toBe(now + 7_200_000)
  expect(secondsSince('2026-03-05T01:59:50Z', now)).toBe(10)
})
