/** Reading the contact gate's answers: may this number be called, why not, and which one to call first. */

import type { CaseGate, ChannelGate, Phone } from '@/api/casework-types'
import { isLiable } from '../../casework/cases/case-states'

export function callGate(gate: CaseGate | null, phoneId: string): ChannelGate | null {
  const point = gate?.points.find((one) => one.phone_id === phoneId)
  return point?.channels.find((one) => one.channel === 'voice_interactive') ?? null
}

/** Debtors before contacts, proven numbers before unknown ones. */
function rank(phone: Phone): number {
  const relation = phone.relation === 'debtor' ? 0 : isLiable(phone.relation) ? 10 : 20
  const proof =
    phone.is_right_party === true ? 0 : phone.state === 'active' ? 1 : phone.is_right_party === false ? 3 : 2
  return relation + proof
}

export const inCallOrder = (phones: readonly Phone[]): Phone[] =>
  [...phones].sort((one, other) => rank(one) - rank(other))

/** The number to call with one click: the best that the gate lets through, else the best there is. */
export function firstToCall(phones: readonly Phone[], gate: CaseGate | null): Phone | null {
  const ordered = inCallOrder(phones)
  return ordered.find((phone) => callGate(gate, phone.id)?.allowed === true) ?? ordered[0] ?? null
}

/** A refusal whose time has come may be asked again: the answer on the screen grows old. */
export const isOver = (until: string | null, now: number): boolean => until !== null && Date.parse(until) <= now
