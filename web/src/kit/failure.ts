/** How we speak about failures. Only their shape is known here, not where they come from. */

import type { StateKind } from './StateView.vue'

export type Failing = {
  name: string
  message: string
  status?: number
  code?: string
  facts?: Record<string, unknown>
}

export type Spoken = { kind: StateKind; title: string; hint: string }
type Translate = (key: string, named?: Record<string, unknown>) => string

/** Title and next step for a failure; the server's own sentence comes first where it gave one. */
export function spoken(failure: Failing, t: Translate): Spoken {
  if (failure.status === undefined) {
    return { kind: 'offline', title: t('failure.unreachable'), hint: t('failure.unreachableHint') }
  }
  if (failure.status === 403) {
    return { kind: 'forbidden', title: failure.message || t('failure.forbidden'), hint: t('failure.forbiddenHint') }
  }
  if (failure.status === 404) {
    return { kind: 'missing', title: failure.message || t('failure.missing'), hint: t('failure.missingHint') }
  }
  if (failure.status === 429) {
    const seconds = Number(failure.facts?.retry_after ?? 60)
    return { kind: 'broken', title: t('failure.tooMany'), hint: t('failure.tooManyHint', { seconds }) }
  }
  if (failure.status >= 500) {
    return { kind: 'broken', title: t('failure.broken'), hint: failure.message || t('failure.brokenHint') }
  }
  return { kind: 'broken', title: failure.message || t('failure.title'), hint: '' }
}

/** One line for a message that passes by. */
export function sentence(failure: Failing, t: Translate): string {
  const { title, hint } = spoken(failure, t)
  const isOurs = failure.status === undefined || failure.status === 429
  if (isOurs) return `${title} ${hint}`
  return failure.message || `${title} ${hint}`
}

/** What was thrown, if it is a failure to speak about; a mistake of ours is thrown on. */
export function asFailing(thrown: unknown): Failing {
  if (thrown instanceof Error && (thrown.name === 'Refusal' || thrown.name === 'Unreachable')) return thrown as Failing
  throw thrown
}
