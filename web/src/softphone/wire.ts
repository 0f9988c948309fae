/** What a softphone asks of whatever speaks SIP, and what it hears from it. */

export type Credentials = {
  phone: string
  secret: string
  extension: string
  /** Where SIP is spoken over a WebSocket; a path of this server. */
  url: string
  ice_servers: RTCIceServer[]
  /** `rehearsal` makes calls without sound. */
  engine: string
  expires_at: string
}

export type Heard =
  | { kind: 'registered' }
  | { kind: 'registration_failed' }
  | { kind: 'disconnected' }
  | { kind: 'taken_over' }
  | { kind: 'rang'; isOurs: boolean }
  | { kind: 'answered' }
  | { kind: 'ended' }
  | { kind: 'microphone_refused'; isSecure: boolean }

export type Wire = {
  connect(credentials: Credentials): Promise<void>
  /** Another secret for the same phone; a talk goes on. */
  renew(credentials: Credentials): void
  disconnect(): void
  /** Let a call that was not asked for be heard. */
  ring(): void
  answer(): void
  decline(): void
  mute(isMuted: boolean): void
}

export type MakeWire = (hear: (heard: Heard) => void) => Wire
