/** Reading the log: tones, time ranges, and before/after side by side. */

import type { AuditEntry, Outcome } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import { i18n } from '@/words'

export const OUTCOMES: readonly Outcome[] = ['done', 'refused', 'failed']
export const OUTCOME_TONES: Record<Outcome, Tone> = { done: 'good', refused: 'warn', failed: 'bad' }

export const LAST_HOURS = { hour: 1, day: 24, week: 168, month: 720 } as const
export type Last = keyof typeof LAST_HOURS

/** Who did it: a person by name, or what else acts here. */
export function actorText(entry: Pick<AuditEntry, 'actor' | 'actor_kind'>, t: (key: string) => string): string {
  if (entry.actor !== null) return entry.actor.name ?? entry.actor.id.slice(0, 8)
  return t(`audit.actors.${entry.actor_kind}`)
}

/** What it was done to; other wings bring kinds that have no word yet. */
export function kindText(kind: string): string {
  return i18n.global.te(`audit.kinds.${kind}`) ? i18n.global.t(`audit.kinds.${kind}`) : kind
}

export type Change = { field: string; before: string; after: string; isDifferent: boolean }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export function valueText(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—'
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join('、')
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value)
}

/** Something that has no fields of its own, such as a list of grants, stands under an empty name. */
const fieldsOf = (value: unknown): Record<string, unknown> =>
  isRecord(value) ? value : value === undefined || value === null ? {} : { '': value }

/** `{before, after}` of an entry as lines; what did not change stands last. */
export function changesOf(facts: Record<string, unknown>): Change[] {
  const before = fieldsOf(facts.before)
  const after = fieldsOf(facts.after)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => {
      const [was, is] = [valueText(before[field]), valueText(after[field])]
      return { field, before: was, after: is, isDifferent: was !== is }
    })
    .sort((one, other) => Number(other.isDifferent) - Number(one.isDifferent))
}

/** Everything else that the entry tells. */
export function factsOf(facts: Record<string, unknown>): { label: string; value: string }[] {
  return Object.entries(facts)
    .filter(([name]) => name !== 'before' && name !== 'after')
    .map(([label, value]) => ({ label, value: valueText(value) }))
}
