/** Sharing cases out: what the API says of a run, and what a plan asks for. */

import type { AllocationRun } from '@/api/casework-types'
import type { components, operations } from '@/api/schema'
import type { Tone } from '@/kit/StatePill.vue'

type Schemas = components['schemas']
export type Run = AllocationRun
export type PlanAsked = Schemas['PlanAsked']
type CasesCounted = NonNullable<operations['count_cases']['parameters']['query']>
/** Parts that are left out mean all. */
export type CasesMeant = Partial<NonNullable<PlanAsked['filter']>>

export const RUN_STATES = ['planned', 'carried_out', 'undone'] as const
export const RUN_TONES: Record<string, Tone> = { planned: 'note', carried_out: 'good', undone: 'plain' }

/** Cases that a plan begins from: those that wait for somebody, or those that somebody else has now. */
export type Origin = 'waiting' | 'pool' | 'holder'
export const ORIGINS: readonly Origin[] = ['waiting', 'pool', 'holder']

export type Choice = {
  origin: Origin
  holder_id: string
  creditor_id: string | null
  placement_id: string
  buckets: string[]
  owing_from: number | null
  owing_to: number | null
}

export const blankChoice = (origin: Origin): Choice => ({
  origin,
  holder_id: '',
  creditor_id: null,
  placement_id: '',
  buckets: [],
  owing_from: null,
  owing_to: null,
})

const WAITING = ['awaiting_allocation'] as const

/** The choice as a plan asks for it. */
export const meant = (choice: Choice): CasesMeant => ({
  ...(choice.origin === 'waiting' ? { states: [...WAITING] } : {}),
  ...(choice.origin === 'pool' ? { pool: true } : {}),
  ...(choice.origin === 'holder' && choice.holder_id !== '' ? { holder_id: choice.holder_id } : {}),
  ...(choice.creditor_id === null ? {} : { creditor_ids: [choice.creditor_id] }),
  ...(choice.placement_id === '' ? {} : { placement_ids: [choice.placement_id] }),
  ...(choice.buckets.length === 0 ? {} : { buckets: choice.buckets }),
  ...(choice.owing_from === null ? {} : { owing_from: choice.owing_from }),
  ...(choice.owing_to === null ? {} : { owing_to: choice.owing_to }),
})

/** The same choice as the case list asks for it. */
export function counted(choice: Choice): CasesCounted {
  const { states, creditor_ids, placement_ids, buckets, ...rest } = meant(choice)
  return {
    ...rest,
    ...(states === undefined ? {} : { state: states }),
    ...(creditor_ids === undefined ? {} : { creditor_id: creditor_ids }),
    ...(placement_ids === undefined ? {} : { placement_id: placement_ids }),
    ...(buckets === undefined ? {} : { bucket: buckets }),
  }
}

export const isComplete = (choice: Choice): boolean => choice.origin !== 'holder' || choice.holder_id !== ''

/** What cases of some kind ask of whoever is given them; what is left open means every case. */
export type Demand = { buckets: string[]; owing_from: number | null; skills: string[]; min_level: number }

export const blankDemand = (): Demand => ({ buckets: [], owing_from: null, skills: [], min_level: 0 })

/** The demands as a plan asks for them; one that asks nothing is left out. */
export const demanded = (demands: readonly Demand[]): NonNullable<PlanAsked['rule']['demands']> =>
  demands
    .filter((demand) => demand.skills.length > 0 || demand.min_level > 0)
    .map((demand) => ({ ...demand, products: [], owing_from: demand.owing_from ?? 0 }))
