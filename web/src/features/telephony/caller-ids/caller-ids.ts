/** Caller ids: numbers the agency has leased and may show. */

import { get, patch, post } from '@/api/plain'
import type { Page } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export const CALLER_ID_STATES = ['active', 'resting', 'ended'] as const
export type CallerIdState = (typeof CALLER_ID_STATES)[number]

export type CallerIdFields = {
  city: string | null
  province: string | null
  trunk_id: string
  licence: string
  leased_until: string | null
  daily_ceiling: number
  cool_down_seconds: number
  complaint_ceiling: number
}

export type CallerId = CallerIdFields & {
  id: string
  number: string
  unit_id: string | null
  complaints: number
  state: CallerIdState
  rests_until: string | null
  last_shown_at: string | null
  shown_today: number
  version: number
}

export type Finding = { row: number; column: string; code: string; zh: string; en: string }
export type Imported = { added: number; findings: Finding[] }

export const CALLER_ID_TONES: Record<CallerIdState, Tone> = { active: 'good', resting: 'warn', ended: 'plain' }

export const callerIdsPage = (query: Record<string, unknown>): Promise<Page<CallerId>> =>
  get('telephony/caller-ids', query)
export const addCallerId = (fields: object): Promise<CallerId> => post('telephony/caller-ids', fields)
export const changeCallerId = (one: CallerId, fields: object): Promise<CallerId> =>
  patch(`telephony/caller-ids/${one.id}`, { version: one.version, ...fields })
export const turn = (one: CallerId, what: 'rest' | 'take-up' | 'end', body: object = {}): Promise<CallerId> =>
  post(`telephony/caller-ids/${one.id}/${what}`, { version: one.version, ...body })
export const complain = (one: CallerId, reason: string): Promise<CallerId> =>
  post(`telephony/caller-ids/${one.id}/complaint`, { reason })

export const blankCallerId = (): CallerIdFields => ({
  city: null,
  province: null,
  trunk_id: '',
  licence: '',
  leased_until: null,
  daily_ceiling: 200,
  cool_down_seconds: 60,
  complaint_ceiling: 3,
})

export function fieldsOf(one: CallerId): CallerIdFields {
  const { city, province, trunk_id, licence, leased_until, daily_ceiling, cool_down_seconds, complaint_ceiling } = one
  return { city, province, trunk_id, licence, leased_until, daily_ceiling, cool_down_seconds, complaint_ceiling }
}

/** A landline with its area code, a mobile, a service number (95…, 96…), or 400. */
export const isNumber = (text: string): boolean => /^(0[1-9]\d{8,10}|1[3-9]\d{9}|9[56]\d{3,6}|400\d{7})$/.test(text)

/** Nearly used up for today, or nearly complained away: worth a look. */
export const isScarce = (one: CallerId): boolean =>
  one.state === 'active' &&
  (one.shown_today >= one.daily_ceiling * 0.9 || one.complaints >= Math.max(1, one.complaint_ceiling - 1))

export function callerIdColumns(t: (key: string) => string): Column<CallerId>[] {
  const title = (key: string): string => t(`telephony.callerId.${key}`)
  return [
    { key: 'number', title: title('number'), width: '150px', isHead: true },
    {
      key: 'place',
      title: title('place'),
      text: (row) => [row.province, row.city].filter(Boolean).join(' ') || t('telephony.callerId.nationwide'),
    },
    { key: 'trunk', title: title('trunk') },
    { key: 'licence', title: title('licence') },
    { key: 'leased_until', title: title('leasedUntil'), width: '112px' },
    {
      key: 'shown',
      title: title('shown'),
      width: '120px',
      align: 'right',
      text: (row) => `${row.shown_today} / ${row.daily_ceiling}`,
    },
    {
      key: 'complaints',
      title: title('complaints'),
      width: '88px',
      align: 'right',
      text: (row) => `${row.complaints} / ${row.complaint_ceiling}`,
    },
    { key: 'state', title: title('state'), width: '110px' },
  ]
}
