/** Rules of first stage and priority: edited as a form, read aloud as a sentence. Amounts are fen. */

import { yuan } from '@/kit/money'
import { listed } from '@/words'
import { REACHES, type OpeningRules, type Reach } from './opening'

export type OpeningRule = OpeningRules['rules'][number]
type Translate = (key: string, named?: Record<string, unknown>) => string

/** A rule while it is edited: what is null or empty leaves no case out. */
export type RuleDraft = {
  code: string
  zh: string
  en: string
  reach: Reach[]
  buckets: string[]
  owing_from: number | null
  owing_to: number | null
  dpd_from: number | null
  dpd_to: number | null
  due_back_within: number | null
  is_special: boolean | null
  is_linked: boolean | null
  stage: string
  priority: number
}

const MANY = ['reach', 'buckets'] as const
const NUMBERS = ['owing_from', 'owing_to', 'dpd_from', 'dpd_to', 'due_back_within'] as const
const MARKS = ['is_special', 'is_linked'] as const

const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const mark = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

export function draftOf(rule: OpeningRule): RuleDraft {
  const when = (rule.when ?? {}) as Record<string, unknown>
  return {
    code: rule.code,
    zh: rule.zh,
    en: rule.en,
    reach: words(when.reach).filter((one): one is Reach => REACHES.includes(one as Reach)),
    buckets: words(when.buckets),
    owing_from: number(when.owing_from),
    owing_to: number(when.owing_to),
    dpd_from: number(when.dpd_from),
    dpd_to: number(when.dpd_to),
    due_back_within: number(when.due_back_within),
    is_special: mark(when.is_special),
    is_linked: mark(when.is_linked),
    stage: rule.stage ?? '',
    priority: rule.priority ?? 0,
  }
}

/** The rule to keep: only conditions that are said, and one name where only one was given. */
export function ruleOf(draft: RuleDraft): OpeningRule {
  const zh = draft.zh.trim() || draft.en.trim()
  const when: Record<string, unknown> = {}
  for (const name of MANY) if (draft[name].length > 0) when[name] = [...draft[name]]
  for (const name of [...NUMBERS, ...MARKS]) if (draft[name] !== null) when[name] = draft[name]
  const stage = draft.stage.trim()
  return {
    code: draft.code,
    zh,
    en: draft.en.trim() || zh,
    when,
    stage: stage === '' ? null : stage,
    priority: draft.priority,
  }
}

/** A blank rule, under a code that nobody has yet. */
export function blankRule(rules: readonly OpeningRule[]): RuleDraft {
  const taken = new Set(rules.map((rule) => rule.code))
  let count = rules.length + 1
  while (taken.has(`rule_${count}`)) count += 1
  return draftOf({ code: `rule_${count}`, zh: '', en: '', when: {}, stage: null, priority: 0 })
}

export type Fault = 'name' | 'owing' | 'dpd' | 'effect'

/** What is wrong with a draft: no name, bounds that leave every case out, nothing that follows. */
export function faultsOf(draft: RuleDraft): Fault[] {
  const isBackwards = (from: number | null, to: number | null): boolean => from !== null && to !== null && to < from
  return [
    ...(draft.zh.trim() === '' && draft.en.trim() === '' ? (['name'] as const) : []),
    // `owing_to` is the first sum that is not meant, `dpd_to` the last day that is.
    ...(isBackwards(draft.owing_from, draft.owing_to) ||
    (draft.owing_to !== null && draft.owing_from === draft.owing_to)
      ? (['owing'] as const)
      : []),
    ...(isBackwards(draft.dpd_from, draft.dpd_to) ? (['dpd'] as const) : []),
    ...(draft.stage.trim() === '' && draft.priority === 0 ? (['effect'] as const) : []),
  ]
}

function conditionsOf(draft: RuleDraft, t: Translate): string[] {
  const of = (name: string, value: string | number): string => t(`opening.when.${name}`, { value })
  const sum = (name: 'owing_from' | 'owing_to'): string[] => {
    const fen = draft[name]
    return fen === null ? [] : [of(name, yuan(fen))]
  }
  const count = (name: 'dpd_from' | 'dpd_to' | 'due_back_within'): string[] => {
    const days = draft[name]
    return days === null ? [] : [of(name, days)]
  }
  return [
    ...(draft.reach.length === 0 ? [] : [of('reach', listed(draft.reach.map((one) => t(`opening.reach.${one}`))))]),
    ...(draft.buckets.length === 0 ? [] : [of('buckets', listed(draft.buckets))]),
    ...sum('owing_from'),
    ...sum('owing_to'),
    ...count('dpd_from'),
    ...count('dpd_to'),
    ...count('due_back_within'),
    ...MARKS.flatMap((name) =>
      draft[name] === null ? [] : [t(draft[name] ? `opening.when.${name}` : `opening.when.not_${name}`)],
    ),
  ]
}

/** The whole rule as one sentence: whom it means, and what follows. */
export function sentenceOf(rule: OpeningRule, t: Translate): string {
  const draft = draftOf(rule)
  const conditions = conditionsOf(draft, t)
  const effects = [
    ...(draft.stage === '' ? [] : [t('opening.effect.stage', { stage: draft.stage })]),
    ...(draft.priority === 0
      ? []
      : [t(draft.priority > 0 ? 'opening.effect.up' : 'opening.effect.down', { value: Math.abs(draft.priority) })]),
  ]
  return t('opening.sentence', {
    when: conditions.length === 0 ? t('opening.when.always') : listed(conditions),
    effect: effects.length === 0 ? t('opening.effect.nothing') : listed(effects),
  })
}
