/** What a warning, a signal or an alarm is called in the language of the desk. */

import { useI18n } from 'vue-i18n'
import { useFindingCodes } from '../inspections/finding-codes'

export const SIGNALS = ['despair', 'complaint', 'illness', 'not_me', 'lawyer'] as const

type Alarmed = { kind: 'violation' | 'signal' | 'silence' | 'overlong'; code: string; title?: string }

export function useTitles() {
  const { t, te } = useI18n()
  const codes = useFindingCodes()
  void codes.load()

  const ofFinding = (code: string, told = code): string => codes.nameOf(code) ?? told
  const ofSignal = (code: string, told = code): string =>
    te(`quality.live.signal.${code}`) ? t(`quality.live.signal.${code}`) : told

  function ofAlarm({ kind, code, title = code }: Alarmed): string {
    if (kind === 'violation') return ofFinding(code, title)
    return kind === 'signal' ? ofSignal(code, title) : t(`quality.alarm.kind.${kind}`)
  }

  return { ofFinding, ofSignal, ofAlarm }
}
