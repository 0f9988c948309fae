/** A phone at work: it keeps the machine's state, carries out its commands and tells who looks. */

import { RESTING, step, type Happened, type Phone } from './machine'
import type { Credentials, MakeWire, Wire } from './wire'

/** The secret is renewed this long before it ends. */
const AHEAD_MS = 60_000
/** A call that was asked for rings within this time, or not at all. */
const EXPECTED_MS = 45_000
const LONGEST_TIMER_MS = 2 ** 31 - 1

type Given = {
  makeWire: MakeWire
  ask: () => Promise<Credentials>
  /** Whether a refusal stands, however often one asks. */
  isFinal: (thrown: unknown) => boolean
  onChange: (phone: Phone) => void
}

export class Softphone {
  private phone: Phone = RESTING
  private credentials: Credentials | null = null
  private readonly wire: Wire
  private asking: ReturnType<typeof setTimeout> | undefined
  private renewing: ReturnType<typeof setTimeout> | undefined
  private expecting: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly given: Given) {
    this.wire = given.makeWire((heard) => this.tell(heard))
  }

  tell(happened: Happened): void {
    const [phone, ...commands] = step(this.phone, happened)
    const isChanged = phone !== this.phone
    if (happened.kind === 'asked') this.expectAWhile()
    this.phone = phone
    if (isChanged) this.given.onChange(phone)
    for (const command of commands) {
      switch (command.kind) {
        case 'ask':
          this.askLater(command.afterSeconds)
          break
        case 'connect':
          this.connectLater(command.afterSeconds)
          break
        case 'renew':
          if (this.credentials !== null) this.wire.renew(this.credentials)
          break
        case 'disconnect':
          this.rest()
          break
        case 'ring':
          this.wire.ring()
          break
        case 'answer':
          this.wire.answer()
          break
        case 'decline':
          this.wire.decline()
          break
        case 'mute':
          this.wire.mute(command.isMuted)
          break
      }
    }
  }

  private askLater(seconds: number): void {
    clearTimeout(this.asking)
    if (seconds === 0) void this.ask()
    else this.asking = setTimeout(() => void this.ask(), seconds * 1000)
  }

  private connectLater(seconds: number): void {
    clearTimeout(this.asking)
    const connect = (): void => {
      if (this.credentials !== null) void this.wire.connect(this.credentials)
    }
    if (seconds === 0) connect()
    else this.asking = setTimeout(connect, seconds * 1000)
  }

  private async ask(): Promise<void> {
    let credentials: Credentials
    try {
      credentials = await this.given.ask()
    } catch (thrown) {
      this.tell({ kind: 'refused', isFinal: this.given.isFinal(thrown) })
      return
    }
    this.credentials = credentials
    this.renewBefore(credentials.expires_at)
    this.tell({ kind: 'allowed', isSilent: credentials.engine === 'rehearsal' })
  }

  private expectAWhile(): void {
    clearTimeout(this.expecting)
    this.expecting = setTimeout(() => this.tell({ kind: 'asked_in_vain' }), EXPECTED_MS)
  }

  private renewBefore(end: string): void {
    clearTimeout(this.renewing)
    const wait = Math.max(AHEAD_MS, Date.parse(end) - Date.now() - AHEAD_MS)
    this.renewing = setTimeout(() => this.tell({ kind: 'secret_grows_old' }), Math.min(wait, LONGEST_TIMER_MS))
  }

  private rest(): void {
    clearTimeout(this.asking)
    clearTimeout(this.renewing)
    this.credentials = null
    this.wire.disconnect()
  }
}
