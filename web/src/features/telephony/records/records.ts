/** Call records (话单): how a list shows a call, what it came to, and its journal. */

import { get, post } from '@/api/plain'
import type { NumberState } from '@/api/casework-types'
import type { Page } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'
import { leftText } from '@/kit/time'
import { isOver, type Direction, type Ending, type Phase } from '../calls/calls'
import type { Handed } from '../player/recordings'

export type CallRecord = {
  id: string
  direction: Direction
  phase: Phase
  asked_at: string
  ringing_at: string | null
  answered_at: string | null
  connected_at: string | null
  ended_at: string | null
  talk_seconds: number
  held_seconds: number
  number_masked: string
  subject_kind: string | null
  subject_id: string | null
  agent_name: string | null
  extension: string | null
  unit_name: string | null
  trunk_name: string | null
  caller_id: string | null
  ending: Ending | null
  number_state: NumberState | null
  refused_rule: string | null
  recording_id: string | null
}

export type JournalLine = { number: number; at: string; kind: string; zh: string; en: string }
export type RecordInFull = CallRecord & { refused_reason: string | null; journal: JournalLine[] }
export type RecordFigures = { calls: number; answered: number; talk_seconds: number }

export const recordsPage = (query: Record<string, unknown>): Promise<Page<CallRecord>> =>
  get('telephony/records', query)
export const recordFigures = (query: Record<string, unknown>): Promise<RecordFigures> =>
  get('telephony/records/figures', query)
export const recordOf = (id: string): Promise<RecordInFull> => get(`telephony/records/${id}`)
/** A filter as the list takes it, as a body. */
export const pack = ({ ending, min_talk, ...rest }: Record<string, string>, reason: string): Promise<Handed> => {
  const filter = {
    ...rest,
    ...(ending === undefined ? {} : { ending: [ending] }),
    ...(min_talk === undefined ? {} : { min_talk: Number(min_talk) }),
  }
  return post('workbench/packs', { filter, reason })
}

type Came = Pick<CallRecord, 'phase' | 'connected_at' | 'refused_rule' | 'ending'>

/** What a call came to, in one word. */
export function resultWord(record: Came, t: (key: string) => string): string {
  if (!isOver(record)) return t('telephony.record.live')
  if (record.connected_at !== null) return t('telephony.record.talked')
  if (record.refused_rule !== null) return t('telephony.record.refused')
  return record.ending === null ? t('telephony.record.unmade') : t(`telephony.ending.${record.ending}`)
}

export function resultTone(record: Came): Tone {
  if (!isOver(record)) return 'note'
  if (record.connected_at !== null) return 'good'
  if (record.refused_rule !== null) return 'warn'
  return record.ending !== null && TROUBLES.includes(record.ending) ? 'bad' : 'plain'
}

/** Endings that speak of us or the line, and not of the debtor. */
const TROUBLES: readonly Ending[] = ['failed', 'congested', 'barred', 'media_lost', 'offline']

/** How long it rang on the debtor's side. */
export function ringSeconds({ ringing_at: rang, answered_at: answered, ended_at: ended }: CallRecord): number | null {
  const until = answered ?? ended
  return rang === null || until === null ? null : Math.max(0, (Date.parse(until) - Date.parse(rang)) / 1000)
}

/** The journal as it is read, with the seconds since its beginning. */
export function sinceBegan(journal: readonly JournalLine[]): (JournalLine & { seconds: number })[] {
  const began = Date.parse(journal[0]?.at ?? '')
  return journal.map((line) => ({ ...line, seconds: (Date.parse(line.at) - began) / 1000 }))
}

export const secondsText = (seconds: number | null): string | null => (seconds === null ? null : leftText(seconds))

export function recordColumns(t: (key: string) => string): Column<CallRecord>[] {
  const title = (key: string): string => t(`telephony.record.${key}`)
  return [
    { key: 'asked_at', title: title('at'), width: '150px', isHead: true, sort: 'asked_at' },
    {
      key: 'direction',
      title: title('direction'),
      width: '72px',
      text: (row) => t(`telephony.direction.${row.direction}`),
    },
    { key: 'agent', title: title('agent'), text: (row) => [row.agent_name, row.extension].filter(Boolean).join(' ') },
    { key: 'unit_name', title: title('unit') },
    { key: 'number_masked', title: title('number'), width: '130px' },
    { key: 'caller_id', title: title('callerId'), width: '130px' },
    { key: 'result', title: title('result'), width: '120px' },
    { key: 'ring', title: title('ring'), width: '72px', align: 'right', text: (row) => secondsText(ringSeconds(row)) },
    {
      key: 'talk',
      title: title('talk'),
      width: '88px',
      align: 'right',
      sort: 'talk_seconds',
      text: (row) => leftText(row.talk_seconds),
    },
    { key: 'recording', title: title('recording'), width: '72px' },
  ]
}
