import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { effectScope, ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLive } from '@/live/live'
import type { Notice } from '@/live/connection'
import { useLiveWatch } from './use-live-watch'

type Asked = { path: string; answer(body: object): Promise<void> }
const asked: Asked[] = []
let tell: (notice: Notice | null) => void = () => undefined

const told = (callId: string, numbers: number[], why_not: string | null = null) => ({
  call_id: callId,
  is_heard: why_not === null,
  why_not,
  lines: numbers.map((number) => ({ number, track: 'agent', start: number, end: number, text: '', is_masked: false })),
  so_far: [],
  checklist: [],
  warnings: [],
  signals: [],
})
const news = (callId: string): Notice => ({ id: 1, topic: 'watch', kind: 'Line', about: { call_id: callId } })

beforeEach(() => {
  vi.useFakeTimers()
  asked.length = 0
  setActivePinia(createPinia())
  vi.spyOn(useLive(), 'listen').mockImplementation((_topic, listener) => {
    tell = listener
    return () => undefined
  })
  vi.stubGlobal(
    'fetch',
    (request: Request) =>
      new Promise<Response>((resolve) => {
        const { pathname, search } = new URL(request.url)
        asked.push({
          path: `${pathname.split('/').at(-1)}${search}`,
          answer: async (body) => {
            resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }))
            await flushPromises()
          },
        })
      }),
  )
})
afterEach(() => void vi.useRealTimers())

const paths = (): string[] => asked.map(({ path }) => path)
async function watching(callId = ref('c')) {
  const watch = effectScope().run(() => useLiveWatch(callId))
  await flushPromises()
  return watch as NonNullable<typeof watch>
}
async function pass(milliseconds: number): Promise<void> {
  vi.advanceTimersByTime(milliseconds)
  await flushPromises()
}

describe('a call that is watched', () => {
  it('is asked for once, and then only for what came after', async () => {
    const watch = await watching()
    await asked[0]?.answer(told('c', [1, 2]))
    tell(news('c'))
    await pass(200)
    await asked[1]?.answer(told('c', [3]))
    expect(paths()).toEqual(['c?above=0', 'c?above=2'])
    expect(watch.seen.value?.lines).toHaveLength(3)
  })

  it('does not ask about the calls of others', async () => {
    await watching()
    await asked[0]?.answer(told('c', []))
    tell(news('other'))
    await pass(200)
    expect(asked).toHaveLength(1)
  })

  it('makes one question out of a burst of news, and waits for a slow answer', async () => {
    await watching()
    await asked[0]?.answer(told('c', [1]))
    tell(news('c'))
    tell(news('c'))
    await pass(200)
    for (let burst = 0; burst < 3; burst += 1) {
      tell(news('c'))
      await pass(200)
    }
    expect(asked).toHaveLength(2)
    await asked[1]?.answer(told('c', [2]))
    expect(paths().slice(1)).toEqual(['c?above=1', 'c?above=2'])
  })

  it('asks again while nothing is heard yet, and rests once it is', async () => {
    await watching()
    await asked[0]?.answer(told('c', [], 'NOT_YET'))
    await pass(4000)
    await asked[1]?.answer(told('c', [1]))
    await pass(20_000)
    expect(asked).toHaveLength(2)
  })

  it('begins anew with another call, whatever comes late of the first', async () => {
    const callId = ref('first')
    const watch = await watching(callId)
    callId.value = 'second'
    await flushPromises()
    await asked[0]?.answer(told('first', [1, 2, 3]))
    await pass(1)
    for (const one of asked.slice(1)) await one.answer(told('second', [1]))
    expect(paths()).toEqual(['first?above=0', 'second?above=0'])
    expect([watch.seen.value?.call_id, watch.seen.value?.lines.length]).toEqual(['second', 1])
  })

  it('asks for what it missed when the connection was away', async () => {
    await watching()
    await asked[0]?.answer(told('c', [1]))
    tell(null)
    await pass(200)
    expect(paths()).toEqual(['c?above=0', 'c?above=1'])
  })
})
