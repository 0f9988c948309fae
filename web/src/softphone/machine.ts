/**
 * What a phone in the browser is doing, as a pure function: what happened goes in, where it stands and what is to be
 * done come out. It knows neither SIP nor the microphone. Hold, transfer and who is called are the server's to say.
 */

export type Line =
  | 'off'
  /** Credentials are being asked for. */
  | 'asking'
  | 'registering'
  | 'registered'
  /** The network, or Anmi, is away; the wire tries again by itself. */
  | 'lost'
  /** Another log-in holds the phone now; only a person may take it back. */
  | 'taken_over'
  /** The switch is a rehearsal without sound: calls are made, nothing is heard. */
  | 'silent'

export type Talk = 'none' | 'ringing' | 'answering' | 'up'

/** What stands in the way of hearing and being heard. */
export type Trouble = 'microphone' | 'insecure' | 'refused' | null

export type Phone = {
  line: Line
  talk: Talk
  isMuted: boolean
  isHeld: boolean
  /** A call that was asked for here is on its way: it is answered without a click. */
  isExpecting: boolean
  trouble: Trouble
  tries: number
}

export type Happened =
  | { kind: 'come' }
  | { kind: 'leave' }
  | { kind: 'allowed'; isSilent: boolean }
  | { kind: 'refused'; isFinal: boolean }
  | { kind: 'registered' }
  | { kind: 'registration_failed' }
  | { kind: 'disconnected' }
  | { kind: 'taken_over' }
  | { kind: 'secret_grows_old' }
  | { kind: 'asked' }
  | { kind: 'asked_in_vain' }
  | { kind: 'rang'; isOurs: boolean }
  | { kind: 'answered' }
  | { kind: 'ended' }
  | { kind: 'microphone_refused'; isSecure: boolean }
  | { kind: 'answer' }
  | { kind: 'decline' }
  | { kind: 'mute'; isMuted: boolean }
  | { kind: 'held'; isHeld: boolean }

export type Command =
  | { kind: 'ask'; afterSeconds: number }
  | { kind: 'connect'; afterSeconds: number }
  | { kind: 'renew' }
  | { kind: 'disconnect' }
  | { kind: 'ring' }
  | { kind: 'answer' }
  | { kind: 'decline' }
  | { kind: 'mute'; isMuted: boolean }

export type Step = readonly [Phone, ...Command[]]

export const RESTING: Phone = {
  line: 'off',
  talk: 'none',
  isMuted: false,
  isHeld: false,
  isExpecting: false,
  trouble: null,
  tries: 0,
}

const LONGEST_WAIT_SECONDS = 30
/** So often the same secret is tried before another is asked for. */
const MOST_KNOCKS = 3
const SILENT_TALK = { talk: 'none', isMuted: false, isHeld: false } as const

const waitOf = (tries: number): number => Math.min(LONGEST_WAIT_SECONDS, 2 ** tries)

export const isThere = (phone: Phone): boolean => phone.line === 'registered' || phone.line === 'silent'

export function step(phone: Phone, happened: Happened): Step {
  switch (happened.kind) {
    case 'come':
      return phone.line === 'off' || phone.line === 'taken_over'
        ? [
            { ...RESTING, line: 'asking', isExpecting: phone.isExpecting },
            { kind: 'ask', afterSeconds: 0 },
          ]
        : [phone]
    case 'leave':
      return phone.line === 'off' ? [phone] : [RESTING, { kind: 'disconnect' }]
    case 'taken_over':
      // Asking again would take the phone back, and so on without an end.
      return [{ ...RESTING, line: 'taken_over' }, { kind: 'disconnect' }]
    case 'held':
      return [{ ...phone, isHeld: happened.isHeld }]
    case 'asked':
      return [{ ...phone, isExpecting: true }]
    case 'asked_in_vain':
      return [{ ...phone, isExpecting: false }]
    case 'allowed':
    case 'refused':
    case 'registered':
    case 'registration_failed':
    case 'disconnected':
    case 'secret_grows_old':
      return onTheLine(phone, happened)
    default:
      return inTheTalk(phone, happened)
  }
}

function onTheLine(
  phone: Phone,
  happened: Extract<
    Happened,
    { kind: 'allowed' | 'refused' | 'registered' | 'registration_failed' | 'disconnected' | 'secret_grows_old' }
  >,
): Step {
  if (phone.line === 'off' || phone.line === 'taken_over') return [phone]
  switch (happened.kind) {
    case 'allowed':
      if (happened.isSilent) return [{ ...phone, line: 'silent', tries: 0, trouble: null }]
      return phone.line === 'registered'
        ? [phone, { kind: 'renew' }]
        : [
            { ...phone, line: 'registering', trouble: null },
            { kind: 'connect', afterSeconds: 0 },
          ]
    case 'refused':
      if (happened.isFinal) return [{ ...RESTING, trouble: 'refused' }, { kind: 'disconnect' }]
      return [
        { ...phone, line: phone.line === 'registered' ? 'registered' : 'lost', tries: phone.tries + 1 },
        { kind: 'ask', afterSeconds: waitOf(phone.tries) },
      ]
    case 'registered':
      return [{ ...phone, line: 'registered', tries: 0 }]
    case 'registration_failed':
      // The switch may not know the secret yet, or another log-in has changed it: only knocking anew tells which.
      return [
        { ...phone, line: 'lost', tries: phone.tries + 1 },
        phone.tries < MOST_KNOCKS
          ? { kind: 'connect', afterSeconds: waitOf(phone.tries) }
          : { kind: 'ask', afterSeconds: waitOf(phone.tries) },
      ]
    case 'disconnected':
      // The switch has lost the phone in the middle of a talk: it rings again to hand the talk back.
      return [{ ...phone, line: 'lost', isExpecting: phone.isExpecting || phone.talk === 'up' }]
    case 'secret_grows_old':
      return [phone, { kind: 'ask', afterSeconds: 0 }]
  }
}

function inTheTalk(
  phone: Phone,
  happened: Extract<
    Happened,
    { kind: 'rang' | 'answered' | 'ended' | 'microphone_refused' | 'answer' | 'decline' | 'mute' }
  >,
): Step {
  switch (happened.kind) {
    case 'rang':
      return happened.isOurs || phone.isExpecting
        ? [{ ...phone, ...SILENT_TALK, talk: 'answering', isExpecting: false }, { kind: 'answer' }]
        : [{ ...phone, ...SILENT_TALK, talk: 'ringing' }, { kind: 'ring' }]
    case 'answer':
      return phone.talk === 'ringing' ? [{ ...phone, talk: 'answering' }, { kind: 'answer' }] : [phone]
    case 'decline':
      return phone.talk === 'ringing' ? [{ ...phone, ...SILENT_TALK }, { kind: 'decline' }] : [phone]
    case 'answered':
      return phone.talk === 'answering' ? [{ ...phone, talk: 'up', trouble: null }] : [phone]
    case 'ended':
      return [{ ...phone, ...SILENT_TALK }]
    case 'microphone_refused':
      return [{ ...phone, ...SILENT_TALK, trouble: happened.isSecure ? 'microphone' : 'insecure' }, { kind: 'decline' }]
    case 'mute':
      return phone.talk === 'up'
        ? [
            { ...phone, isMuted: happened.isMuted },
            { kind: 'mute', isMuted: happened.isMuted },
          ]
        : [phone]
  }
}
