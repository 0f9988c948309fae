/**
 * 实时质检: a call as it is heard while it lasts: two voices, points of a good call, quiet warnings, and what the
 * debtor's words ask for. Times are seconds since the call was answered.
 */

import { get, post, put } from '@/api/plain'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type LiveCall = Schemas['LiveCallSeen']
export type HeardLine = Schemas['LiveLineSeen']
export type Track = HeardLine['track']
export type Check = Schemas['CheckSeen']
export type WatchWarning = Schemas['WarningSeen']
export type Signal = Schemas['SignalSeen']
export type WatchPolicy = Schemas['WatchPolicySeen']

const AT = 'quality/live'
/** Everything that stands of a call, with the lines after the one of a number. */
export const liveCall = (callId: string, above = 0): Promise<LiveCall> => get(`${AT}/${callId}`, { above })
export const giveHelp = (callId: string, signal: Signal['code']): Promise<LiveCall> =>
  post(`${AT}/${callId}/help`, { signal })
export const watchPolicy = (): Promise<WatchPolicy> => get(`${AT}/policy`)
export const setWatchPolicy = ({ critical_codes: _codes, ...policy }: WatchPolicy): Promise<WatchPolicy> =>
  put(`${AT}/policy`, policy)

export const lastNumber = (call: LiveCall | null): number => call?.lines.at(-1)?.number ?? 0

/** What is shown once more was told: known lines stay, everything else is as it was told last. */
export function withLater(seen: LiveCall | null, later: LiveCall): LiveCall {
  if (seen === null || seen.call_id !== later.call_id) return later
  const above = lastNumber(seen)
  return { ...later, lines: [...seen.lines, ...later.lines.filter(({ number }) => number > above)] }
}

/** As people spoke: who began first stands first, although the other voice was understood sooner. */
export const inTime = (lines: readonly HeardLine[]): HeardLine[] =>
  lines.toSorted((one, other) => one.start - other.start || one.number - other.number)

/** The line that words were said in: the last of its voice that had begun. */
export const lineOf = (lines: readonly HeardLine[], track: Track, at: number): HeardLine | undefined =>
  lines.findLast((line) => line.track === track && line.start <= at)

export const metOf = (checklist: readonly Check[]): number => checklist.filter(({ state }) => state === 'met').length
