/**
 * The half-written note: what was heard on a call, each value with the sentence it came from. It stays an offer; what a
 * person takes over stands in the draft, and nothing is saved without her.
 */

import type { ContactLevel, ResultCode } from '@/api/casework-types'
import { get } from '@/api/plain'
import type { components } from '@/api/schema'
import { amountFor, demands, type Draft } from './draft'

export type Heard = components['schemas']['DraftSeen']
export const heardOf = (callId: string): Promise<Heard> => get('workbench/dispositions/draft', { call_id: callId })

export type Field = 'result' | 'amount' | 'day' | 'next' | 'reason'
export type Offer = {
  field: Field
  /** As the draft writes it. */
  value: string
  sentence: string
  at: number | null
  isOurs: boolean
  /** The hour was not said, and is a guess of the desk. */
  isGuessed: boolean
}

/** Where a day is agreed and no hour, somebody can be reached; nobody is called early or late for it. */
const USUAL_HOUR = '10:00'
const MOST_NOTE = 2000

export function offersOf(heard: Heard): Offer[] {
  const offers: Offer[] = []
  const add = (
    field: Field,
    said: { sentence: string; at: number | null; is_ours: boolean } | null,
    value: string,
    isGuessed = false,
  ): void => {
    if (said !== null)
      offers.push({ field, value, sentence: said.sentence, at: said.at, isOurs: said.is_ours, isGuessed })
  }
  const { result, promise_amount_fen: amount, promise_due_on: day, next_contact: next, reason } = heard
  add('result', result, result?.value ?? '')
  add('amount', amount, String(amount?.value ?? ''))
  add('day', day, day?.value ?? '')
  const hour = next?.hour?.slice(0, 5) ?? USUAL_HOUR
  add('next', next, `${next?.value}T${hour}:00+08:00`, next?.hour === null)
  add('reason', reason, reason?.value ?? '')
  return offers
}

/** `taken` stands in the draft, `other` has been answered otherwise by the person, `open` waits for a word. */
export type Standing = 'open' | 'taken' | 'other'

export type Codes = { result(code: string): ResultCode | undefined }

const nextField = (draft: Draft, codes: Codes): 'callBackAt' | 'nextActionAt' =>
  demands(codes.result(draft.resultCode), 'call_back_at') ? 'callBackAt' : 'nextActionAt'

function written({ field }: Offer, draft: Draft, codes: Codes): string {
  switch (field) {
    case 'result':
      return draft.resultCode
    case 'amount':
      return draft.amountFen === null ? '' : String(draft.amountFen)
    case 'day':
      return draft.day
    case 'next':
      return draft[nextField(draft, codes)]
    case 'reason':
      return ''
  }
}

export function standingOf(offer: Offer, draft: Draft, codes: Codes): Standing {
  if (offer.field === 'reason') return draft.note.includes(offer.value) ? 'taken' : 'open'
  const now = written(offer, draft, codes)
  return now === '' ? 'open' : now === offer.value ? 'taken' : 'other'
}

/** What an offer that is taken over changes in the draft; `reasonNote` is how a reason is written down. */
export function taking(
  offer: Offer,
  draft: Draft,
  codes: Codes,
  { owing, reasonNote }: { owing: number; reasonNote: string },
): Partial<Draft> {
  switch (offer.field) {
    case 'result': {
      const levels: ContactLevel[] = codes.result(offer.value)?.levels ?? []
      const level = levels.includes(draft.level) ? draft.level : (levels[0] ?? draft.level)
      return { level, resultCode: offer.value, amountFen: amountFor(offer.value, draft.amountFen, owing) }
    }
    case 'amount':
      return { amountFen: Number(offer.value) }
    case 'day':
      return { day: offer.value }
    case 'next':
      return { [nextField(draft, codes)]: offer.value }
    case 'reason':
      return { note: [draft.note.trimEnd(), reasonNote].filter(Boolean).join('\n').slice(0, MOST_NOTE) }
  }
}
