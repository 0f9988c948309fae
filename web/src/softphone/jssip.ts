/** SIP over a WebSocket and sound over WebRTC, by JsSIP: the body of the wire, and nothing that decides. */

import type { RTCSessionEvent, UA, UAConfiguration } from 'jssip/lib/UA'
import type { RTCSession } from 'jssip/lib/RTCSession'
import { constraints, isSecure, speakThrough } from './devices'
import { Ringer } from './ringer'
import type { Credentials, MakeWire, Wire } from './wire'

/** Close code of the server: this log-in does not hold the phone, so another one does. */
const TAKEN_OVER = 4404
/** Header of a call the house puts through to who asked for it. */
const OURS = 'X-Anmi-Answer'
const REALM = 'anmi.invalid'
/** All candidates that count are there by then; the rest of a gathering may take many seconds. */
const GATHERING_MS = 400

export const makeJsSipWire: MakeWire = (hear): Wire => {
  const sound = new Audio()
  const ringer = new Ringer()
  let ua: UA | null = null
  let talk: RTCSession | null = null
  let iceServers: RTCIceServer[] = []
  // A connection that was given up may still speak while it goes.
  let round = 0

  function take(session: RTCSession): void {
    const before = talk
    talk = session
    // A call that is handed back rings anew while its old leg has not been given up yet.
    if (before !== null && !before.isEnded()) before.terminate()
    session.on('icecandidate', gatherShortly())
    session.on('peerconnection', ({ peerconnection }) => {
      peerconnection.addEventListener('track', (event) => play(event.streams[0] ?? new MediaStream([event.track])))
    })
    session.on('confirmed', () => {
      if (talk === session) hear({ kind: 'answered' })
    })
    session.on('getusermediafailed', () => hear({ kind: 'microphone_refused', isSecure: isSecure() }))
    for (const end of ['ended', 'failed'] as const) session.on(end, () => over(session))
  }

  function over(session: RTCSession): void {
    if (talk !== session) return
    talk = null
    ringer.stop()
    sound.srcObject = null
    hear({ kind: 'ended' })
  }

  function play(stream: MediaStream): void {
    sound.srcObject = stream
    void speakThrough(sound).then(() => sound.play().catch(() => undefined))
  }

  return {
    async connect(credentials: Credentials): Promise<void> {
      const mine = (round += 1)
      const JsSIP = await import('jssip')
      if (mine !== round) return
      ua?.stop()
      iceServers = credentials.ice_servers
      const phone = new JsSIP.UA(
        configuration(credentials, new JsSIP.WebSocketInterface(socketAddress(credentials.url))),
      )
      ua = phone
      const heard =
        <Event>(react: (event: Event) => void) =>
        (event: Event): void => {
          if (ua === phone) react(event)
        }
      phone.on(
        'registered',
        heard(() => hear({ kind: 'registered' })),
      )
      phone.on(
        'registrationFailed',
        heard(() => hear({ kind: 'registration_failed' })),
      )
      phone.on(
        'disconnected',
        heard(({ code }: { code?: number }) => hear({ kind: code === TAKEN_OVER ? 'taken_over' : 'disconnected' })),
      )
      phone.on(
        'newRTCSession',
        heard((event: RTCSessionEvent) => {
          if (event.originator !== 'remote') return
          take(event.session)
          hear({ kind: 'rang', isOurs: event.request.hasHeader(OURS) })
        }),
      )
      phone.start()
    },

    renew(credentials: Credentials): void {
      ua?.set('password', credentials.secret)
      ua?.register()
    },

    disconnect(): void {
      round += 1
      ringer.stop()
      const leaving = ua
      ua = null
      talk = null
      sound.srcObject = null
      leaving?.stop()
    },

    ring: () => ringer.start(),

    answer(): void {
      ringer.stop()
      if (!isSecure()) hear({ kind: 'microphone_refused', isSecure: false })
      else talk?.answer({ mediaConstraints: constraints(), pcConfig: { iceServers } })
    },

    decline(): void {
      ringer.stop()
      if (talk !== null && !talk.isEnded()) talk.terminate({ status_code: 603 })
    },

    mute(isMuted: boolean): void {
      if (isMuted) talk?.mute({ audio: true })
      else talk?.unmute({ audio: true })
    },
  }
}

function configuration(credentials: Credentials, socket: UAConfiguration['sockets']): UAConfiguration {
  return {
    sockets: socket,
    uri: `sip:${credentials.phone}@${REALM}`,
    authorization_user: credentials.phone,
    password: credentials.secret,
    register_expires: 120,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    user_agent: 'Anmi',
  }
}

function socketAddress(path: string): string {
  return new URL(path, location.href.replace(/^http/, 'ws')).href
}

/** Go on shortly after the first candidate. */
function gatherShortly(): (event: { ready: () => void }) => void {
  let isWaiting = false
  return ({ ready }) => {
    if (isWaiting) return
    isWaiting = true
    setTimeout(ready, GATHERING_MS)
  }
}
