/** Trunks: lines to carriers, their health and what their answers mean. */

import { get, patch, post } from '@/api/plain'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'
import type { Ending } from '../calls/calls'

export const TRUNK_STATES = ['active', 'paused', 'ended'] as const
export type TrunkState = (typeof TRUNK_STATES)[number]
export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export const CODECS = ['alaw', 'ulaw', 'g722', 'g729', 'opus'] as const

export type TrunkFields = {
  name: string
  carrier: string
  licence: string
  host: string
  transport: string
  codecs: string[]
  username: string | null
  registers: boolean
  capacity: number
  rank: number
  reasons: Record<string, Ending>
}

export type Trunk = TrunkFields & {
  id: string
  state: TrunkState
  is_rehearsal: boolean
  failures: number
  rests_until: string | null
  version: number
  has_secret: boolean
  calls_now: number
  is_resting: boolean
}

export const trunks = (): Promise<Trunk[]> => get('telephony/trunks')
export const addTrunk = (fields: object): Promise<Trunk> => post('telephony/trunks', fields)
export const changeTrunk = (trunk: Trunk, changes: object): Promise<Trunk> =>
  patch(`telephony/trunks/${trunk.id}`, { version: trunk.version, ...changes })

/** How a trunk stands: its own state, unless the house lets it rest after failures. */
export const healthOf = (trunk: Trunk): TrunkState | 'resting' =>
  trunk.state === 'active' && trunk.is_resting ? 'resting' : trunk.state

export const HEALTH_TONES: Record<TrunkState | 'resting', Tone> = {
  active: 'good',
  resting: 'bad',
  paused: 'warn',
  ended: 'plain',
}

export const blankTrunk = (): TrunkFields => ({
  name: '',
  carrier: '',
  licence: '',
  host: '',
  transport: 'udp',
  codecs: ['alaw', 'ulaw'],
  username: null,
  registers: false,
  capacity: 30,
  rank: 0,
  reasons: {},
})

export const fieldsOf = (trunk: Trunk): TrunkFields => {
  const { name, carrier, licence, host, transport, codecs, username, registers, capacity, rank, reasons } = trunk
  return {
    name,
    carrier,
    licence,
    host,
    transport,
    codecs: [...codecs],
    username,
    registers,
    capacity,
    rank,
    reasons: { ...reasons },
  }
}

/** An answer of a carrier as the mapping names it. */
export const isAnswer = (word: string): boolean => /^(sip:[3-6]\d{2}|q850:\d{1,3})$/.test(word)

export function trunkColumns(t: (key: string) => string): Column<Trunk>[] {
  const title = (key: string): string => t(`telephony.trunk.${key}`)
  return [
    { key: 'name', title: title('name'), isHead: true },
    { key: 'carrier', title: title('carrier') },
    { key: 'licence', title: title('licence') },
    { key: 'host', title: title('host') },
    { key: 'codecs', title: title('codecs'), text: (row) => row.codecs.join(' ') },
    { key: 'rank', title: title('rank'), width: '72px', align: 'right' },
    {
      key: 'calls_now',
      title: title('load'),
      width: '120px',
      align: 'right',
      text: (row) => `${row.calls_now} / ${row.capacity}`,
    },
    { key: 'state', title: title('state'), width: '120px' },
  ]
}
