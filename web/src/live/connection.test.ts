import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveConnection, type LiveState, type Notice } from './connection'

/** The other end of the wire, as far as a connection sees it. */
class Wire {
  readyState = 0
  sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: string }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.end(1000)
  }
  answer(): void {
    this.readyState = 1
    this.onopen?.()
  }
  tell(words: object): void {
    this.onmessage?.({ data: JSON.stringify(words) })
  }
  end(code: number): void {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

const wires: Wire[] = []
const states: LiveState[] = []
const notices: Notice[] = []
const ended = vi.fn()
const gap = vi.fn()

function connect(): LiveConnection {
  const told = {
    onState: (state: LiveState) => void states.push(state),
    onNotice: (notice: Notice) => void notices.push(notice),
    onSessionEnded: ended,
    onGap: gap,
  }
  return new LiveConnection('ws://anmi/api/v1/live', told, () => {
    const wire = new Wire()
    wires.push(wire)
    return wire as unknown as WebSocket
  })
}

const last = (): Wire => wires.at(-1) as Wire

beforeEach(() => {
  vi.useFakeTimers()
  for (const list of [wires, states, notices]) list.length = 0
  ended.mockReset()
  gap.mockReset()
})
afterEach(() => void vi.useRealTimers())

describe('the live connection', () => {
  it('asks for every topic at once, because each list replaces the one before', () => {
    const live = connect()
    live.subscribe(['people'])
    live.open()
    last().answer()
    live.subscribe(['jobs', 'people'])
    expect(last().sent).toEqual([
      { subscribe: ['people'], since: null },
      { subscribe: ['people', 'jobs'], since: null },
    ])
  })

  it('comes back by itself and asks for what it missed', () => {
    const live = connect()
    live.subscribe(['people'])
    live.open()
    last().answer()
    last().tell({ id: 7, topic: 'people', kind: 'PersonDisabled', about: { person_id: 'p' } })
    last().end(1006)
    expect(states.at(-1)).toBe('waiting')
    vi.advanceTimersByTime(1_000)
    last().answer()
    expect(wires).toHaveLength(2)
    expect(last().sent).toEqual([{ subscribe: ['people'], since: 7 }])
    expect(states.at(-1)).toBe('connected')
  })

  it('tells a notice once, however often the server repeats it', () => {
    const live = connect()
    live.open()
    last().answer()
    const news = { id: 7, topic: 'people', kind: 'PersonDisabled', about: {} }
    last().tell(news)
    last().tell(news)
    last().tell({ ...news, id: 6 })
    expect(notices.map((notice) => notice.id)).toEqual([7, 6])
  })

  it('says that something may be missing when the server says so', () => {
    const live = connect()
    live.open()
    last().answer()
    gap.mockReset()
    last().tell({ gap: true })
    expect(gap).toHaveBeenCalledOnce()
  })

  it('ends for good, with the reason, when the session is over', () => {
    const live = connect()
    live.open()
    last().answer()
    last().tell({ ended: 'person_disabled' })
    last().end(4401)
    vi.advanceTimersByTime(60_000)
    expect(ended).toHaveBeenCalledExactlyOnceWith('person_disabled')
    expect(wires).toHaveLength(1)
    expect(states.at(-1)).toBe('closed')
  })

  it('waits longer and longer while the server is away', () => {
    const live = connect()
    live.open()
    for (let minute = 0; minute < 5; minute += 1) {
      last().end(1006)
      vi.advanceTimersByTime(60_000)
    }
    expect(wires).toHaveLength(6)
  })

  it('notices a wire that went silent', () => {
    const live = connect()
    live.open()
    last().answer()
    vi.advanceTimersByTime(61_000)
    expect(states).toContain('waiting')
  })

  it('stays closed when the desk is left', () => {
    const live = connect()
    live.open()
    last().answer()
    live.close()
    vi.advanceTimersByTime(60_000)
    expect(wires).toHaveLength(1)
  })
})
