/** What inspection can find, by code, in words: asked for once. */

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { Refusal, Unreachable } from '@/api/failure'
import { said } from '@/words'
import { findingCodes, type FindingCode } from './inspections'

export const useFindingCodes = defineStore('finding-codes', () => {
  const codes = shallowRef<readonly FindingCode[]>([])
  let asked: Promise<void> | null = null

  const load = (): Promise<void> => (asked ??= ask())

  async function ask(): Promise<void> {
    try {
      codes.value = await findingCodes()
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      // Codes are shown as they are until somebody asks again.
      asked = null
    }
  }

  const nameOf = (code: string): string | null => {
    const known = codes.value.find((one) => one.code === code)
    return known === undefined ? null : said(known)
  }
  const textOf = (code: string): string => [code, nameOf(code)].filter(Boolean).join(' ')

  return { codes, load, nameOf, textOf }
})
