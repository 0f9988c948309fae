import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Phone } from './machine'
import { Softphone } from './softphone'
import type { Credentials, Heard, Wire } from './wire'

/** The other end of the wire: what it was told, and a mouth to speak with. */
class Switch implements Wire {
  done: string[] = []
  hear: (heard: Heard) => void = () => undefined

  connect(credentials: Credentials): Promise<void> {
    this.done.push(`connect ${credentials.secret}`)
    return Promise.resolve()
  }
  renew = (credentials: Credentials): void => void this.done.push(`renew ${credentials.secret}`)
  disconnect = (): void => void this.done.push('disconnect')
  ring = (): void => void this.done.push('ring')
  answer = (): void => void this.done.push('answer')
  decline = (): void => void this.done.push('decline')
  mute = (isMuted: boolean): void => void this.done.push(`mute ${isMuted}`)
}

let house: Switch
let phones: Phone[]
let secrets: number

const credentials = (engine = 'asterisk'): Credentials => ({
  phone: 'p1',
  secret: String((secrets += 1)),
  extension: '1001',
  url: '/socket',
  ice_servers: [],
  engine,
  expires_at: new Date(Date.now() + 600_000).toISOString(),
})

function phoneThat(ask: () => Promise<Credentials>): Softphone {
  return new Softphone({
    makeWire: (hear) => {
      house.hear = hear
      return house
    },
    ask,
    isFinal: (thrown) => thrown === 'never',
    onChange: (phone) => void phones.push(phone),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  house = new Switch()
  phones = []
  secrets = 0
})
afterEach(() => void vi.useRealTimers())

const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)

describe('a softphone', () => {
  it('registers with the secret it was given and answers its own calls', async () => {
    const phone = phoneThat(() => Promise.resolve(credentials()))
    phone.tell({ kind: 'come' })
    await settled()
    house.hear({ kind: 'registered' })
    phone.tell({ kind: 'asked' })
    house.hear({ kind: 'rang', isOurs: false })
    house.hear({ kind: 'answered' })
    phone.tell({ kind: 'mute', isMuted: true })
    expect(house.done).toEqual(['connect 1', 'answer', 'mute true'])
    expect(phones.at(-1)).toMatchObject({ line: 'registered', talk: 'up', isMuted: true })
  })

  it('takes a new secret a minute before the old one ends', async () => {
    phoneThat(() => Promise.resolve(credentials())).tell({ kind: 'come' })
    await settled()
    house.hear({ kind: 'registered' })
    await vi.advanceTimersByTimeAsync(541_000)
    expect(house.done).toEqual(['connect 1', 'renew 2'])
  })

  it('asks again while Anmi is away, and no longer when it says never', async () => {
    const ask = vi.fn<() => Promise<Credentials>>().mockRejectedValueOnce('away').mockRejectedValueOnce('never')
    phoneThat(ask).tell({ kind: 'come' })
    await settled()
    expect(phones.at(-1)?.line).toBe('lost')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ask).toHaveBeenCalledTimes(2)
    expect(phones.at(-1)).toMatchObject({ line: 'off', trouble: 'refused' })
  })

  it('keeps quiet after another log-in has taken the phone', async () => {
    const ask = vi.fn(() => Promise.resolve(credentials()))
    phoneThat(ask).tell({ kind: 'come' })
    await settled()
    house.hear({ kind: 'registered' })
    house.hear({ kind: 'taken_over' })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(ask).toHaveBeenCalledOnce()
    expect(house.done.at(-1)).toBe('disconnect')
  })

  it('expects a call for a while, and not for ever', async () => {
    const phone = phoneThat(() => Promise.resolve(credentials()))
    phone.tell({ kind: 'come' })
    await settled()
    house.hear({ kind: 'registered' })
    phone.tell({ kind: 'asked' })
    await vi.advanceTimersByTimeAsync(46_000)
    house.hear({ kind: 'rang', isOurs: false })
    expect(house.done).toEqual(['connect 1', 'ring'])
  })

  it('connects nobody in a rehearsal', async () => {
    phoneThat(() => Promise.resolve(credentials('rehearsal'))).tell({ kind: 'come' })
    await settled()
    expect(house.done).toEqual([])
    expect(phones.at(-1)?.line).toBe('silent')
  })
})
