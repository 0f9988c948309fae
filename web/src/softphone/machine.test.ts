import { describe, expect, it } from 'vitest'
import { isThere, RESTING, step, type Command, type Happened, type Phone } from './machine'

/** Where a phone stands after all this, and what it was told to do last. */
function after(...happened: Happened[]): { phone: Phone; commands: Command[] } {
  let phone = RESTING
  let commands: Command[] = []
  for (const one of happened) [phone, ...commands] = step(phone, one)
  return { phone, commands }
}

const ALLOWED: Happened = { kind: 'allowed', isSilent: false }
const REGISTERED: Happened[] = [{ kind: 'come' }, ALLOWED, { kind: 'registered' }]
const TALKING: Happened[] = [...REGISTERED, { kind: 'rang', isOurs: true }, { kind: 'answered' }]

describe('the line', () => {
  it.each<[string, Happened[], Phone['line'], Command['kind'][]]>([
    ['asks for credentials when somebody comes', [{ kind: 'come' }], 'asking', ['ask']],
    ['connects when it may', [{ kind: 'come' }, ALLOWED], 'registering', ['connect']],
    ['is registered when the switch says so', REGISTERED, 'registered', []],
    ['comes once, however often it is asked', [...REGISTERED, { kind: 'come' }], 'registered', []],
    ['is lost with the network, and the wire tries again', [...REGISTERED, { kind: 'disconnected' }], 'lost', []],
    [
      'is back after a lost network',
      [...REGISTERED, { kind: 'disconnected' }, { kind: 'registered' }],
      'registered',
      [],
    ],
    ['knocks again when it is not let in', [...REGISTERED, { kind: 'registration_failed' }], 'lost', ['connect']],
    [
      'asks for a new secret when the old one is of no use any more',
      [...REGISTERED, ...Array.from({ length: 4 }, (): Happened => ({ kind: 'registration_failed' }))],
      'lost',
      ['ask'],
    ],
    [
      'asks for a new secret before the old one ends',
      [...REGISTERED, { kind: 'secret_grows_old' }],
      'registered',
      ['ask'],
    ],
    [
      'takes a new secret without hanging up',
      [...TALKING, { kind: 'secret_grows_old' }, ALLOWED],
      'registered',
      ['renew'],
    ],
    ['gives way to another log-in', [...REGISTERED, { kind: 'taken_over' }], 'taken_over', ['disconnect']],
    [
      'does not fight for the phone',
      [...REGISTERED, { kind: 'taken_over' }, { kind: 'disconnected' }, { kind: 'registration_failed' }],
      'taken_over',
      [],
    ],
    ['is taken back when a person asks', [...REGISTERED, { kind: 'taken_over' }, { kind: 'come' }], 'asking', ['ask']],
    ['is silent in a rehearsal', [{ kind: 'come' }, { kind: 'allowed', isSilent: true }], 'silent', []],
    ['rests when nobody may use it', [{ kind: 'come' }, { kind: 'refused', isFinal: true }], 'off', ['disconnect']],
    ['tries again when Anmi is away', [{ kind: 'come' }, { kind: 'refused', isFinal: false }], 'lost', ['ask']],
    ['leaves', [...REGISTERED, { kind: 'leave' }], 'off', ['disconnect']],
  ])('%s', (_sentence, happened, line, kinds) => {
    const { phone, commands } = after(...happened)
    expect([phone.line, commands.map(({ kind }) => kind)]).toEqual([line, kinds])
  })

  it('waits longer and longer, and never longer than half a minute', () => {
    const waits = [0, 1, 2, 3, 4, 5, 6].map((failed) => {
      const failures = Array.from({ length: failed + 1 }, (): Happened => ({ kind: 'registration_failed' }))
      return after(...REGISTERED, ...failures).commands[0]
    })
    expect(waits.map((one) => (one !== undefined && 'afterSeconds' in one ? one.afterSeconds : null))).toEqual([
      1, 2, 4, 8, 16, 30, 30,
    ])
  })

  it('is there with sound and, in a rehearsal, without', () => {
    expect(isThere(after(...REGISTERED).phone)).toBe(true)
    expect(isThere(after({ kind: 'come' }, { kind: 'allowed', isSilent: true }).phone)).toBe(true)
    expect(isThere(after(...REGISTERED, { kind: 'disconnected' }).phone)).toBe(false)
  })
})

describe('a talk', () => {
  it.each<[string, Happened[], Phone['talk'], Command['kind'][]]>([
    [
      'that is ours is answered without a click',
      [...REGISTERED, { kind: 'rang', isOurs: true }],
      'answering',
      ['answer'],
    ],
    [
      'that was asked for here is answered without a click',
      [...REGISTERED, { kind: 'asked' }, { kind: 'rang', isOurs: false }],
      'answering',
      ['answer'],
    ],
    [
      'after a call asked for in vain rings like any other',
      [...REGISTERED, { kind: 'asked' }, { kind: 'asked_in_vain' }, { kind: 'rang', isOurs: false }],
      'ringing',
      ['ring'],
    ],
    ['of somebody else rings', [...REGISTERED, { kind: 'rang', isOurs: false }], 'ringing', ['ring']],
    [
      'is answered by a click',
      [...REGISTERED, { kind: 'rang', isOurs: false }, { kind: 'answer' }],
      'answering',
      ['answer'],
    ],
    ['may be declined', [...REGISTERED, { kind: 'rang', isOurs: false }, { kind: 'decline' }], 'none', ['decline']],
    ['is up when the other side hears us', TALKING, 'up', []],
    ['is over when the switch says so', [...TALKING, { kind: 'ended' }], 'none', []],
    ['outlives a lost network', [...TALKING, { kind: 'disconnected' }], 'up', []],
    [
      'is handed back after a lost network, unasked',
      [...TALKING, { kind: 'disconnected' }, { kind: 'registered' }, { kind: 'rang', isOurs: false }],
      'answering',
      ['answer'],
    ],
    [
      'that a reload has cut is answered unasked when it rings again',
      [{ kind: 'asked' }, ...REGISTERED, { kind: 'rang', isOurs: false }],
      'answering',
      ['answer'],
    ],
    [
      'needs a microphone',
      [...REGISTERED, { kind: 'rang', isOurs: true }, { kind: 'microphone_refused', isSecure: true }],
      'none',
      ['decline'],
    ],
  ])('%s', (_sentence, happened, talk, kinds) => {
    const { phone, commands } = after(...happened)
    expect([phone.talk, commands.map(({ kind }) => kind)]).toEqual([talk, kinds])
  })

  it('expects one call at a time', () => {
    expect(after(...REGISTERED, { kind: 'asked' }, { kind: 'rang', isOurs: false }).phone.isExpecting).toBe(false)
  })

  it('is muted while it lasts, and the next one is not', () => {
    const muted = after(...TALKING, { kind: 'mute', isMuted: true })
    expect(muted.phone.isMuted).toBe(true)
    expect(muted.commands).toEqual([{ kind: 'mute', isMuted: true }])
    expect(after(...TALKING, { kind: 'mute', isMuted: true }, { kind: 'ended' }).phone.isMuted).toBe(false)
    expect(after(...REGISTERED, { kind: 'mute', isMuted: true }).commands).toEqual([])
  })

  it('is held when the server says so', () => {
    expect(after(...TALKING, { kind: 'held', isHeld: true }).phone.isHeld).toBe(true)
    expect(after(...TALKING, { kind: 'held', isHeld: true }, { kind: 'ended' }).phone.isHeld).toBe(false)
  })

  it.each([
    [true, 'microphone'],
    [false, 'insecure'],
  ] as const)('says what keeps the microphone away (over a safe line: %s)', (isSecure, trouble) => {
    const { phone } = after(...REGISTERED, { kind: 'rang', isOurs: true }, { kind: 'microphone_refused', isSecure })
    expect(phone.trouble).toBe(trouble)
  })
})

it('every event has an answer in every state', () => {
  const states = [
    after(),
    after({ kind: 'come' }),
    after(...REGISTERED),
    after(...TALKING),
    after(...TALKING, { kind: 'taken_over' }),
    after({ kind: 'come' }, { kind: 'allowed', isSilent: true }),
  ].map(({ phone }) => phone)
  const events: Happened[] = [
    { kind: 'come' },
    { kind: 'leave' },
    ALLOWED,
    { kind: 'refused', isFinal: false },
    { kind: 'registered' },
    { kind: 'registration_failed' },
    { kind: 'disconnected' },
    { kind: 'taken_over' },
    { kind: 'secret_grows_old' },
    { kind: 'asked' },
    { kind: 'asked_in_vain' },
    { kind: 'rang', isOurs: false },
    { kind: 'answered' },
    { kind: 'ended' },
    { kind: 'microphone_refused', isSecure: true },
    { kind: 'answer' },
    { kind: 'decline' },
    { kind: 'mute', isMuted: true },
    { kind: 'held', isHeld: true },
  ]
  for (const state of states) for (const event of events) expect(step(state, event)[0].line).toBeTypeOf('string')
})
