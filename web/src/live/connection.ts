/**
 * The one WebSocket of a browser: topics in, notices out. It reconnects by itself, asks for what it
 * missed, and knows when the server says that the session is over.
 */

export type Notice = { id: number; topic: string; kind: string; about: Record<string, string> }
export type LiveState = 'connecting' | 'connected' | 'waiting' | 'closed'

type Told = {
  onState(state: LiveState): void
  onNotice(notice: Notice): void
  /** The server ended the session (close code 4401), and why if it said so. */
  onSessionEnded(reason: string): void
  /** We were away too long or for the first time: whatever is shown may be old. */
  onGap(): void
}

type Said = Partial<Notice> & { gap?: boolean; ended?: string }

const SESSION_ENDED = 4401
const REMEMBERED = 2_000
const PING_EVERY_MS = 20_000
// Twice the ping: a cable pulled out is noticed although no close frame ever comes.
const SILENCE_MS = 45_000
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const

export class LiveConnection {
  private socket: WebSocket | null = null
  private topics = new Set<string>()
  private lastId: number | null = null
  private tries = 0
  private heardAt = 0
  private pinging: ReturnType<typeof setInterval> | undefined
  private retrying: ReturnType<typeof setTimeout> | undefined
  private isOpenWanted = false
  private endedBecause = ''
  /** What was heard lately: after an absence the server repeats a little more than was missed. */
  private heard = new Set<number>()

  constructor(
    private readonly address: string,
    private readonly told: Told,
    private readonly dial: (address: string) => WebSocket = (at) => new WebSocket(at),
  ) {}

  open(): void {
    if (this.isOpenWanted) return
    this.isOpenWanted = true
    this.connect()
  }

  close(): void {
    this.isOpenWanted = false
    this.rest()
    this.socket?.close(1000)
    this.socket = null
    this.lastId = null
    this.told.onState('closed')
  }

  /** Try at once: the network came back, or somebody clicked. */
  retryNow(): void {
    if (!this.isOpenWanted || this.socket !== null) return
    this.tries = 0
    this.rest()
    this.connect()
  }

  subscribe(topics: Iterable<string>): void {
    const added = [...topics].filter((topic) => !this.topics.has(topic))
    if (added.length === 0) return
    for (const topic of added) this.topics.add(topic)
    // Each list replaces the one before.
    this.say({ subscribe: [...this.topics], since: null })
  }

  private connect(): void {
    this.told.onState('connecting')
    const socket = this.dial(this.address)
    this.socket = socket
    socket.onopen = () => {
      this.tries = 0
      this.heardAt = Date.now()
      this.told.onState('connected')
      if (this.lastId === null) this.told.onGap()
      if (this.topics.size > 0) this.say({ subscribe: [...this.topics], since: this.lastId })
      this.pinging = setInterval(() => this.ping(), PING_EVERY_MS)
    }
    socket.onmessage = (message: MessageEvent<string>) => this.hear(message.data)
    socket.onclose = (close) => {
      if (this.socket !== socket) return
      this.socket = null
      this.rest()
      if (close.code === SESSION_ENDED) {
        this.isOpenWanted = false
        this.told.onState('closed')
        this.told.onSessionEnded(this.endedBecause)
      } else if (this.isOpenWanted) {
        this.retryLater()
      }
    }
  }

  private hear(data: string): void {
    this.heardAt = Date.now()
    const said = JSON.parse(data) as Said
    if (said.gap === true) this.told.onGap()
    if (said.ended !== undefined) this.endedBecause = said.ended
    if (said.id === undefined || said.topic === undefined || said.kind === undefined) return
    if (this.heard.has(said.id)) return
    this.remember(said.id)
    this.told.onNotice({ id: said.id, topic: said.topic, kind: said.kind, about: said.about ?? {} })
  }

  private remember(id: number): void {
    this.lastId = Math.max(this.lastId ?? 0, id)
    this.heard.add(id)
    if (this.heard.size > REMEMBERED) this.heard = new Set([...this.heard].slice(-REMEMBERED / 2))
  }

  private ping(): void {
    if (Date.now() - this.heardAt > SILENCE_MS) {
      const silent = this.socket
      this.socket = null
      this.rest()
      silent?.close()
      this.retryLater()
    } else {
      this.say({ ping: 1 })
    }
  }

  private say(words: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(words))
  }

  private retryLater(): void {
    this.told.onState('waiting')
    const wait = RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)] ?? 15_000
    this.tries += 1
    // A little of chance, so that a whole floor does not come back in the same moment.
    this.retrying = setTimeout(() => this.connect(), wait * (0.75 + Math.random() / 2))
  }

  private rest(): void {
    clearInterval(this.pinging)
    clearTimeout(this.retrying)
  }
}
