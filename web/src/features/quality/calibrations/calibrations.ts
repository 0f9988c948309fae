/** 校准: the same calls judged blind by several inspectors, then compared with one another and with the machine. */

import { get, post } from '@/api/plain'
import type { components } from '@/api/schema'
import type { Page, Paging } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'

type Schemas = components['schemas']
export type Calibration = Schemas['CalibrationSeen']
export type CalibrationState = Calibration['state']
export type CalibrationDetail = Schemas['CalibrationDetailSeen']
export type Sheet = Schemas['CalibrationCallSeen']
export type Inspector = Schemas['CalibrationInspector']
export type Judgement = Schemas['CalibrationJudgement']
export type Violation = Schemas['ViolationNamed']
export type Result = Schemas['CalibrationResultSeen']
export type Agreement = Schemas['AgreementSeen']
export type Tally = Schemas['MachineTallySeen']
export type Reviewed = Schemas['MachineReviewedSeen']
export type RuleReviewed = Schemas['RuleReviewedSeen']
export type NewCalibration = Schemas['CalibrationToCall']

const AT = 'quality/calibrations'
export const calibrationsPage = (query: Paging & Record<string, unknown>): Promise<Page<Calibration>> => get(AT, query)
export const calibrationOf = (id: string): Promise<CalibrationDetail> => get(`${AT}/${id}`)
export const callRound = (body: NewCalibration, onceKey: string): Promise<CalibrationDetail> => post(AT, body, onceKey)
export const inspectors = (): Promise<Inspector[]> => get(`${AT}/inspectors`)
export const rate = (id: string, body: Judgement): Promise<CalibrationDetail> => post(`${AT}/${id}/rate`, body)
export const close = ({ id, version }: Calibration): Promise<CalibrationDetail> =>
  post(`${AT}/${id}/close`, { version })
export const resultOf = (id: string): Promise<Result> => get(`${AT}/${id}/result`)
export const reviewedRules = (query: object): Promise<Reviewed> => get(`${AT}/rules`, { ...query })

export const STATES: readonly CalibrationState[] = ['open', 'closed']
export const STATE_TONES: Record<CalibrationState, Tone> = { open: 'note', closed: 'good' }

/** How far a round has come, in per cent: every inspector speaks on every call. */
export function progressOf({ ratings, judges, calls }: Pick<Calibration, 'ratings' | 'judges' | 'calls'>): number {
  const all = judges * calls
  return all === 0 ? 0 : Math.floor((100 * ratings) / all)
}

/** The next call one has not spoken on, after the one that was just judged, round to the beginning. */
export function nextSheet(sheets: readonly Sheet[], after: string | null): Sheet | null {
  const at = sheets.findIndex(({ call_id: id }) => id === after)
  const inTurn = [...sheets.slice(at + 1), ...sheets.slice(0, at + 1)]
  return inTurn.find(({ mine }) => mine === null) ?? null
}

type Strength = NonNullable<Agreement['strength']>
export const STRENGTH_TONES: Record<Strength, Tone> = {
  poor: 'bad',
  slight: 'bad',
  fair: 'warn',
  moderate: 'warn',
  substantial: 'good',
  almost_perfect: 'good',
}

/** A share as people read it; nothing where there was nothing to count. */
export const percent = (share: number | null): string => (share === null ? '—' : `${Math.round(share * 100)}%`)
export const kappaText = (kappa: number | null): string => (kappa === null ? '—' : kappa.toFixed(2))

/** Rules that people have spoken on first, the least trusted of them on top. */
export const leastTrusted = (rules: readonly RuleReviewed[]): RuleReviewed[] =>
  rules.toSorted((one, other) => (one.precision ?? 2) - (other.precision ?? 2) || other.found - one.found)
