/** Recordings: what is known of one, how to hear it, and how to hold and hand it out. */

import { get, post } from '@/api/plain'

export type Recording = {
  id: string
  call_id: string
  state: 'waiting' | 'kept' | 'deleted'
  began_at: string
  milliseconds: number
  bytes: number
  sha256: string
  keep_until: string
  deleted_at: string | null
  hold: { reason: string; placed_at: string; placed_by: string | null } | null
  /** Peaks of equal stretches, from 0 to 255. */
  waveform: { left: number[]; right: number[] }
}

export type Handed = { url: string; expires_at: string }

/** The debtor speaks on the left track; on the right is what the debtor hears. */
export const TRACKS = ['mix', 'left', 'right', 'stereo'] as const
export type Track = (typeof TRACKS)[number]

export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const

export const recordingOf = (id: string): Promise<Recording> => get(`telephony/recordings/${id}`)
export const addressOf = (id: string): Promise<Handed> => post(`telephony/recordings/${id}/address`)
export const handOut = (id: string, reason: string): Promise<Handed> =>
  post(`telephony/recordings/${id}/download`, { reason })
export const hold = (id: string, reason: string): Promise<Recording> =>
  post(`telephony/recordings/${id}/hold`, { reason })
export const lift = (id: string, reason: string): Promise<Recording> =>
  post(`telephony/recordings/${id}/hold/lift`, { reason })

/** A signed address, with the track that is to be heard. */
export function withTrack(url: string, track: Track): string {
  return `${url}${url.includes('?') ? '&' : '?'}track=${track}`
}
