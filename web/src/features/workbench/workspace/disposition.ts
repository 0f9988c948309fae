/** An entry on its way: what the call has already told of it, and the request that writes it down. */

import type { ContactLevel, NewActivity, NumberState, Outcome, Relation, ResultCode } from '@/api/casework-types'
import { isLiable } from '../../casework/cases/case-states'
import type { Ending } from '../../telephony/calls/calls'
import { outcomeOf, type CallAtHand } from './call'
import { entryOf, type Draft } from './draft'

/** What a call's ending says of its result; codes of the default table. */
const RESULTS: Partial<Record<Ending, string>> = {
  no_answer: 'NA',
  timed_out: 'NA',
  busy: 'BSY',
  rejected: 'REJ',
  empty_number: 'EMP',
  incomplete_number: 'EMP',
  suspended: 'SUS',
  changed: 'CHG',
  powered_off: 'OFF',
  unreachable: 'UNR',
}

export type Told = { level: ContactLevel; resultCode: string }

/** What the call has told by itself: nobody answered, and why; or to whom the number belongs. */
export function toldBy(call: CallAtHand, relation: Relation | undefined): Told {
  if (call.isAnswered) {
    const isDebtor = relation === undefined || isLiable(relation)
    return { level: isDebtor ? 'right_party' : 'third_party', resultCode: '' }
  }
  return { level: 'no_contact', resultCode: call.ending === null ? '' : (RESULTS[call.ending] ?? '') }
}

export type Disposition = {
  call_id?: string
  attempt_id?: string
  outcome?: Outcome
  number_state?: NumberState
  activity: NewActivity
}

/** What became of a call over the phone the house knows itself; of one dialled by hand, she tells. */
export function dispositionOf(caseId: string, draft: Draft, result: ResultCode, call: CallAtHand | null): Disposition {
  const activity = entryOf(caseId, draft, result, null)
  if (call === null) return { activity }
  const attempt = call.attemptId === null ? {} : { attempt_id: call.attemptId }
  return call.callId === null
    ? { ...attempt, outcome: outcomeOf(result), activity }
    : { ...attempt, call_id: call.callId, activity }
}
