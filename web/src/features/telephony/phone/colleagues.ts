/** To whom a call may go. */

import { get } from '@/api/plain'
import type { AgentState } from '../agents/agents'

export type Colleague = { id: string; name: string; extension: string; state: AgentState }

export const colleagues = (): Promise<Colleague[]> => get('telephony/phone/colleagues')
