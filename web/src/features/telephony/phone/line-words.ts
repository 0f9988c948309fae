/** What is to be said of the line to this browser: nothing while it is well. */

import type { Phone } from '@/softphone/machine'

type Translate = (key: string) => string
export type LineWords = { word: string; hint: string; tone: 'note' | 'warn' | 'bad' }

const TONES = {
  off: 'warn',
  asking: 'note',
  registering: 'note',
  lost: 'warn',
  taken_over: 'bad',
  silent: 'note',
} as const

export function lineWords(phone: Phone, isRehearsal: boolean, t: Translate): LineWords {
  if (phone.trouble !== null) {
    const key = `telephony.trouble.${phone.trouble}`
    return { word: t(key), hint: t(`${key}Hint`), tone: 'bad' }
  }
  if (phone.line === 'registered') return { word: '', hint: '', tone: 'note' }
  // A phone of another kind than this page has its sound elsewhere; nothing is to be said of it.
  if (phone.line === 'silent' && !isRehearsal) return { word: '', hint: '', tone: 'note' }
  const key = `telephony.line.${phone.line}`
  return { word: t(key), hint: t(`${key}Hint`), tone: TONES[phone.line] }
}
