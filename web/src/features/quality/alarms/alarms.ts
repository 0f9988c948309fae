/** 实时告警: what the live watch calls a person for, how urgent it is, and what was done about it. */

import { get, post } from '@/api/plain'
import type { Page, Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Severity } from '../inspections/inspections'

export type AlarmKind = 'violation' | 'signal' | 'silence' | 'overlong'
export type AlarmStatus = 'open' | 'escalated' | 'answered'
export type AlarmAnswer = 'listened' | 'talked_to' | 'released' | 'unfounded' | 'work_order'

export const ANSWERS: readonly AlarmAnswer[] = ['listened', 'talked_to', 'released', 'work_order', 'unfounded']
export const UNANSWERED: readonly AlarmStatus[] = ['open', 'escalated']
export const STATUS_TONES: Record<AlarmStatus, Tone> = { open: 'warn', escalated: 'bad', answered: 'good' }

export type Alarm = {
  id: string
  call_id: string
  person_id: string | null
  name: string | null
  unit_id: string | null
  unit_name: string | null
  kind: AlarmKind
  code: string
  severity: Severity
  title: string
  words: string
  /** Seconds since the call was answered. */
  said_seconds: number
  at: string
  is_live: boolean
  has_released: boolean
  status: AlarmStatus
  deadline: string | null
  escalated_at: string | null
  escalated_to_unit_id: string | null
  answered_by: string | null
  answered_by_name: string | null
  answered_at: string | null
  answer: AlarmAnswer | null
  note: string | null
  version: number
}

export type CodeFigure = { kind: AlarmKind; code: string; alarms: number; unanswered: number; unfounded: number }
export type AlarmFigures = {
  alarms: number
  unanswered: number
  escalated: number
  median_seconds: number | null
  by_code: CodeFigure[]
}

const AT = 'quality/alarms'
export const alarmsPage = (query: Paging & Record<string, unknown>): Promise<Page<Alarm>> => get(AT, query)
export const alarmFigures = (query: object): Promise<AlarmFigures> => get(`${AT}/figures`, { ...query })
export const answerAlarm = (alarm: Alarm, answer: AlarmAnswer, note: string): Promise<Alarm> =>
  post(`${AT}/${alarm.id}/answer`, { answer, version: alarm.version, ...noted(note) })
export const escalateAlarm = (alarm: Alarm, note: string): Promise<Alarm> =>
  post(`${AT}/${alarm.id}/escalate`, noted(note))

const noted = (note: string): object => (note.trim() === '' ? {} : { note: note.trim() })

const RANK: Record<Severity, number> = { critical: 0, major: 1, minor: 2 }

/** The gravest first, and of these the newest. */
export const byUrgency = (alarms: readonly Alarm[]): Alarm[] =>
  alarms.toSorted((one, other) => RANK[one.severity] - RANK[other.severity] || other.at.localeCompare(one.at))

export type Wish = { unit_id: string; person_id: string; code: string }

/** What is waiting, of one team, agent or kind. An alarm that was handed up is its new unit's too. */
export const wanted = (alarms: readonly Alarm[], wish: Wish): Alarm[] =>
  alarms.filter(
    (alarm) =>
      (wish.unit_id === '' || [alarm.unit_id, alarm.escalated_to_unit_id].includes(wish.unit_id)) &&
      (wish.person_id === '' || alarm.person_id === wish.person_id) &&
      (wish.code === '' || alarm.code === wish.code),
  )

/** What somebody who answers has most likely done. */
export function likelyAnswer(alarm: Alarm, isListening: boolean): AlarmAnswer {
  if (alarm.has_released) return 'released'
  return isListening ? 'listened' : 'talked_to'
}
