/** Quality figures: how teams, agents and creditors' calls score, and how often each rule is right. */

import { get } from '@/api/plain'
import type { components } from '@/api/schema'

export const BY = ['team', 'agent', 'creditor'] as const
export type By = (typeof BY)[number]
export type Figure = {
  key: string | null
  name: string | null
  calls: number
  average: number
  vetoed: number
  by_people: number
}
export type RuleFigure = { rule_id: string | null; code: string; found: number; agreed: number; overruled: number }

const AT = 'quality/inspections'
export const figuresBy = (by: By, query: object): Promise<Figure[]> => get(`${AT}/figures`, { by, ...query })
export const ruleFigures = (query: object): Promise<RuleFigure[]> => get(`${AT}/rule-figures`, { ...query })

/** How often people agreed with a rule, in per cent; nothing where nobody has looked. */
export const precision = (one: RuleFigure): number | null =>
  one.agreed + one.overruled === 0 ? null : Math.round((100 * one.agreed) / (one.agreed + one.overruled))

export type Backlog = components['schemas']['HearingBacklogSeen']
export const hearingBacklog = (): Promise<Backlog> => get(`${AT}/backlog`)

/** Since when the first of what waits has been waiting. */
export function waitingSince({ unheard_since: unheard, unread_since: unread }: Backlog): string | null {
  const since = [unheard, unread].filter((at) => at !== null)
  return since.length === 0 ? null : since.reduce((one, other) => (Date.parse(one) <= Date.parse(other) ? one : other))
}
