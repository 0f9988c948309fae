/** Contact rules: how their values are read aloud, and which of them can be typed here. */

import type { components } from '@/api/schema'
import type { Tone } from '@/kit/StatePill.vue'

export type Rule = components['schemas']['RuleSeen']
type Translate = (key: string, named?: Record<string, unknown>) => string

export const SEVERITY_TONES: Record<Rule['severity'], Tone> = { hard: 'bad', contract: 'warn', house: 'note' }

type Cap = { count: number; days: number }
type Table = { [key: string]: unknown }
const isCaps = (value: unknown): value is Cap[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === 'object' && one !== null && 'count' in one)
const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Shapes of values that a form here can make stricter; the others are agreed by whoever keeps the pack. */
export type Shape = 'hours' | 'caps' | 'minutes' | 'count' | 'festival' | 'other'

export function shapeOf(value: unknown): Shape {
  if (isCaps(value)) return 'caps'
  if (!isTable(value)) return 'other'
  if ('from' in value && 'to' in value) return 'hours'
  if ('minutes' in value) return 'minutes'
  if ('first' in value && 'last' in value) return 'festival'
  return 'count' in value ? 'count' : 'other'
}

/** A value as somebody would say it; a long table is told by its number of entries. */
export function valueText(value: unknown, t: Translate): string {
  switch (shapeOf(value)) {
    case 'caps':
      return (value as Cap[]).map(({ count, days }) => t('contactRules.cap', { count, days })).join(' · ')
    case 'hours': {
      const { from, to } = value as { from: string; to: string }
      return t('contactRules.hours', { from, to })
    }
    case 'minutes':
      return t('contactRules.minutes', { minutes: (value as { minutes: number }).minutes })
    case 'count':
      return t('contactRules.least', { count: (value as { count: number }).count })
    case 'festival': {
      const { first, last } = value as { first: number; last: number }
      return t('contactRules.festival', { first, last })
    }
    case 'other':
      if (value === true) return t('contactRules.always')
      if (Array.isArray(value)) return t('contactRules.entries', { count: value.length })
      return isTable(value) ? t('contactRules.entries', { count: Object.keys(value).length }) : String(value)
  }
}
