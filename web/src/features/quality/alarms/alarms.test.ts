import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/api/session'
import type { Session } from '@/api/types'
import { useAlarms } from './alarm-store'
import { byUrgency, likelyAnswer, wanted, type Alarm } from './alarms'

const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  id,
  call_id: `call of ${id}`,
  person_id: 'p',
  name: '李',
  unit_id: 'u',
  unit_name: '一组',
  kind: 'violation',
  code: 'V01',
  severity: 'major',
  title: '',
  words: '',
  said_seconds: 4,
  at: '2026-03-05T02:00:00Z',
  is_live: true,
  has_released: false,
  status: 'open',
  deadline: null,
  escalated_at: null,
  escalated_to_unit_id: null,
  answered_by: null,
  answered_by_name: null,
  answered_at: null,
  answer: null,
  note: null,
  version: 1,
  ...more,
})
const ids = (alarms: readonly Alarm[]): string[] => alarms.map(({ id }) => id)

describe('the wall', () => {
  it('begins with the gravest, and of these with the newest', () => {
    const old = alarm('old', { severity: 'critical', at: '2026-03-05T01:00:00Z' })
    const alarms = [alarm('minor', { severity: 'minor' }), old, alarm('new', { severity: 'critical' }), alarm('major')]
    expect(ids(byUrgency(alarms))).toEqual(['new', 'old', 'major', 'minor'])
  })

  it.each([
    [{ unit_id: 'u' }, ['own']],
    [{ unit_id: 'above' }, ['up']],
    [{ code: 'V02' }, ['up']],
    [{ person_id: 'p' }, ['own', 'up']],
    [{ person_id: 'nobody' }, []],
  ])('wished for as %o shows %o', (wish, expected) => {
    const up = alarm('up', { unit_id: 'v', escalated_to_unit_id: 'above', code: 'V02' })
    expect(ids(wanted([alarm('own'), up], { unit_id: '', person_id: '', code: '', ...wish }))).toEqual(expected)
  })

  it.each([
    [{ has_released: true }, true, 'released'],
    [{}, true, 'listened'],
    [{}, false, 'talked_to'],
  ] as const)('suggests what was most likely done: %o, listening %s, %s', (more, isListening, expected) => {
    expect(likelyAnswer(alarm('a', more), isListening)).toBe(expected)
  })
})

describe('alarms that wait', () => {
  const shown = { items: [] as Alarm[] }
  const tones = vi.fn()

  beforeEach(() => {
    localStorage.clear()
    setActivePinia(createPinia())
    shown.items = [alarm('first')]
    tones.mockReset()
    vi.stubGlobal('fetch', () =>
      Promise.resolve(new Response(JSON.stringify(shown), { headers: { 'Content-Type': 'application/json' } })),
    )
    vi.stubGlobal(
      'AudioContext',
      class {
        currentTime = 0
        destination = {}
        constructor() {
          tones()
        }
        createGain = () => ({ gain: {}, connect: () => undefined })
        createOscillator = () => ({
          frequency: {},
          connect: () => undefined,
          start: () => undefined,
          stop: () => undefined,
        })
        close = () => Promise.resolve()
      },
    )
  })
  const signIn = (permissions: object) =>
    useSession().enter({ person: { id: 'me' }, permissions, step: 'complete', field_rights: [] } as unknown as Session)

  it('make a sound when one comes, but not for those that were there', async () => {
    signIn({ 'alarms.answer': 'own_unit' })
    const alarms = useAlarms()
    await flushPromises()
    expect([ids(alarms.waiting), tones.mock.calls.length]).toEqual([['first'], 0])
    shown.items = [alarm('first'), alarm('second')]
    await alarms.refresh()
    expect([alarms.waiting.length, alarms.news?.id, tones.mock.calls.length]).toEqual([2, 'second', 1])
    shown.items = [alarm('second')]
    await alarms.refresh()
    expect(tones).toHaveBeenCalledTimes(1)
  })

  it('stay silent for who has switched the sound off', async () => {
    signIn({ 'alarms.answer': 'own_unit' })
    const alarms = useAlarms()
    await flushPromises()
    alarms.hasSound = false
    shown.items = [alarm('first'), alarm('second')]
    await alarms.refresh()
    expect([alarms.waiting.length, alarms.news?.id, tones.mock.calls.length]).toEqual([2, 'second', 0])
  })

  it('are not asked for by who may not answer', async () => {
    signIn({})
    const alarms = useAlarms()
    await alarms.refresh()
    expect([alarms.isLoaded, alarms.waiting.length]).toEqual([false, 0])
  })
})
