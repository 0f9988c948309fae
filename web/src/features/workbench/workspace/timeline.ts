/** Entries of a case's diary as lines: what happened, how it ended, in which tone. */

import type { TimelineEntry, TimelineKind } from '@/api/casework-types'
import type { Tone } from '@/kit/StatePill.vue'
import { yuan } from '@/kit/money'
import { instantText } from '@/kit/time'

export type Line = { title: string; detail: string; note: string; tone: Tone }
type Translate = (key: string, named?: Record<string, unknown>) => string
export type Speech = {
  t: Translate
  resultText: (code: string | null) => string
  actionText: (code: string) => string
  numberOf: (phoneId: string) => string
}

export const TIMELINE_KINDS: readonly TimelineKind[] = [
  'activity',
  'promise',
  'payment',
  'concession',
  'hold',
  'attempt',
  'event',
  'stage',
  'work_order',
]

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))
const joined = (...parts: string[]): string => parts.filter((part) => part !== '').join(' · ')

const PROMISE_TONES: Record<string, Tone> = {
  open: 'note',
  kept: 'good',
  partly_kept: 'warn',
  broken: 'bad',
  cancelled: 'plain',
}
const PAYMENT_TONES: Record<string, Tone> = { claimed: 'note', posted: 'good', reversed: 'bad', rejected: 'plain' }
const CONCESSION_TONES: Record<string, Tone> = {
  approved: 'good',
  effective: 'good',
  performing: 'good',
  completed: 'good',
  rejected: 'bad',
  broken: 'bad',
}

export function lineOf({ kind, facts }: TimelineEntry, { t, resultText, actionText, numberOf }: Speech): Line {
  const money = (name: string): string => `${yuan(Number(facts[name]))} ${t('kit.yuan')}`
  const phone = facts.phone_id ? numberOf(text(facts.phone_id)) : ''
  switch (kind) {
    case 'activity': {
      const next = facts.next_action_at ? t('workspace.nextAt', { at: instantText(text(facts.next_action_at)) }) : ''
      return {
        title: `${actionText(text(facts.action_code))} · ${resultText(facts.result_code === null ? null : text(facts.result_code))}`,
        detail: joined(phone, next),
        note: text(facts.note),
        tone: 'note',
      }
    }
    case 'promise':
      return {
        title: `${t('workspace.promise')} ${money('amount_fen')}`,
        detail: joined(t('workspace.dueOn', { day: text(facts.due_on) }), t(`casework.promise.${text(facts.state)}`)),
        note: '',
        tone: PROMISE_TONES[text(facts.state)] ?? 'plain',
      }
    case 'payment':
      return {
        title: `${t('workspace.payment')} ${money('amount_fen')}`,
        detail: joined(text(facts.paid_on), t(`casework.payment.${text(facts.state)}`)),
        note: text(facts.note),
        tone: PAYMENT_TONES[text(facts.state)] ?? 'plain',
      }
    case 'concession':
      return {
        title: t(`casework.concessionKind.${text(facts.kind)}`),
        detail: joined(
          t(`casework.concessionState.${text(facts.state)}`),
          t('workspace.pays', { sum: money('payable_fen') }),
        ),
        note: '',
        tone: CONCESSION_TONES[text(facts.state)] ?? 'plain',
      }
    case 'hold': {
      const end = facts.lifted_at
        ? t('workspace.lifted')
        : facts.until
          ? t('workspace.untilDay', { day: text(facts.until) })
          : ''
      const detail = joined(t(`casework.holdEffect.${text(facts.effect)}`), end)
      return {
        title: `${t('workspace.hold')} · ${t(`casework.holdReason.${text(facts.reason)}`)}`,
        detail,
        note: text(facts.note),
        tone: 'warn',
      }
    }
    case 'attempt':
      return {
        title: t(facts.allowed ? 'workspace.attempted' : 'workspace.attemptRefused'),
        detail: joined(
          t(`casework.channel.${text(facts.channel)}`),
          phone,
          facts.outcome ? t(`casework.outcome.${text(facts.outcome)}`) : '',
        ),
        note: '',
        tone: facts.allowed ? 'plain' : 'warn',
      }
    case 'event':
      return {
        title: t(`casework.event.${text(facts.event)}`),
        detail:
          facts.before === facts.after
            ? ''
            : `${t(`casework.state.${text(facts.before)}`)} → ${t(`casework.state.${text(facts.after)}`)}`,
        note: text(facts.reason),
        tone: 'plain',
      }
    case 'stage':
      return {
        title: t('workspace.stageMoved'),
        detail: `${text(facts.before) || '—'} → ${text(facts.after)}`,
        note: text(facts.reason),
        tone: 'plain',
      }
    case 'work_order':
      return {
        title: `${t('workspace.workOrder')} · ${text(facts.title)}`,
        detail: joined(
          t(`orders.state.${text(facts.state)}`),
          facts.due_at ? t('workspace.dueOn', { day: instantText(text(facts.due_at)) }) : '',
        ),
        note: text(facts.answer),
        tone: 'plain',
      }
  }
}
