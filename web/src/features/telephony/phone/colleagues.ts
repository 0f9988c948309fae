/** To whom a call may go. */

import { get } from '@/api/plain'
import type { AgentState } from '../agents/agents'

export type Colleague = { id: string; name: string; extension: string; state: AgentState }

/** Whoever is not on the phone already can be asked into a call. */
export const isFree = ({ state }: Pick<Colleague, 'state'>): boolean =>
  state === 'ready' || state === 'not_ready' || state === 'wrap_up'

export const colleagues = (): Promise<Colleague[]> => get('telephony/phone/colleagues')
