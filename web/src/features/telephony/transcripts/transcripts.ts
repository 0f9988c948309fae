/** Transcripts: what was said on a call, line by line, and how two voices are told apart. */

import { get } from '@/api/plain'

export type TranscriptState = 'waiting' | 'written' | 'failed' | 'off'

export type SpokenLine = {
  number: number
  /** 0 the debtor's side, 1 what the debtor heard. */
  channel: number
  began_ms: number
  ended_ms: number
  text: string
  confidence: number | null
  is_masked: boolean
}

export type Missed = { channel: number; start: number; end: number; reason: string }

export type Transcript = {
  call_id: string
  recording_id: string
  state: TranscriptState
  failure: string | null
  model: string | null
  milliseconds: number
  is_damaged: boolean
  missed: Missed[]
  lines: SpokenLine[]
}

export const transcriptOf = (callId: string): Promise<Transcript> => get(`telephony/transcripts/${callId}`)

/** Under so many per cent a line is shown as doubtful. */
export const UNSURE = 60

/** The line that is being said at a moment of the recording, or the last one before it. */
export function lineAt(lines: readonly SpokenLine[], seconds: number): SpokenLine | undefined {
  const at = seconds * 1000
  return lines.findLast((line) => line.began_ms <= at)
}
