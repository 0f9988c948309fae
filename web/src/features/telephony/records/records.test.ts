import { expect, it } from 'vitest'
import { resultTone, resultWord, ringSeconds, sinceBegan, type CallRecord } from './records'

const t = (key: string): string => key.split('.').slice(1).join('.')
const came = { phase: 'ended', connected_at: null, refused_rule: null, ending: null } as const

it.each([
  [{ phase: 'talking', connected_at: '2026-03-05T01:00:00Z' }, 'record.live', 'note'],
  [{ connected_at: '2026-03-05T01:00:00Z', ending: 'hung_up' }, 'record.talked', 'good'],
  [{ refused_rule: 'HOURS_BAN' }, 'record.refused', 'warn'],
  [{ ending: 'congested' }, 'ending.congested', 'bad'],
  [{ ending: 'busy' }, 'ending.busy', 'plain'],
  [{}, 'record.unmade', 'plain'],
] as const)('a call of which is written %o came to %s', (more, word, tone) => {
  expect([resultWord({ ...came, ...more }, t), resultTone({ ...came, ...more })]).toEqual([word, tone])
})

it.each([
  ['2026-03-05T01:00:00Z', '2026-03-05T01:00:07Z', null, 7],
  ['2026-03-05T01:00:00Z', null, '2026-03-05T01:00:20Z', 20],
  [null, null, '2026-03-05T01:00:20Z', null],
])(
  'a phone that rang at %s, was answered at %s and left at %s rang for %s seconds',
  (rang, answered, ended, seconds) => {
    expect(ringSeconds({ ringing_at: rang, answered_at: answered, ended_at: ended } as CallRecord)).toBe(seconds)
  },
)

it('a journal counts from its first line', () => {
  const line = (number: number, at: string) => ({ number, at, kind: '', zh: '', en: '' })
  const told = sinceBegan([line(1, '2026-03-05T01:00:00Z'), line(2, '2026-03-05T01:00:02.500Z')])
  expect(told.map(({ seconds }) => seconds)).toEqual([0, 2.5])
})
