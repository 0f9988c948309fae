/** The agency's table of diary codes and note templates, asked for once. */

import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CodeTable, ContactLevel, NoteTemplate, ResultCode } from '@/api/casework-types'
import { Refusal, Unreachable } from '@/api/failure'
import { api, ask } from '@/api/client'
import { said } from '@/words'

export const useCodes = defineStore('diary-codes', () => {
  const table = shallowRef<CodeTable | null>(null)
  const templates = shallowRef<NoteTemplate[]>([])
  const failure = shallowRef<Refusal | Unreachable | null>(null)
  const isAsked = ref(false)

  async function load(): Promise<void> {
    if (table.value !== null || isAsked.value) return
    isAsked.value = true
    try {
      const [codes, notes] = await Promise.all([
        ask(api.GET('/api/v1/casework/activities/codes')),
        ask(api.GET('/api/v1/casework/activities/note-templates')),
      ])
      table.value = codes
      templates.value = notes
      failure.value = null
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      failure.value = thrown
    } finally {
      isAsked.value = false
    }
  }

  const result = (code: string): ResultCode | undefined => table.value?.results.find((one) => one.code === code)
  const resultsAt = (level: ContactLevel): ResultCode[] =>
    table.value?.results.filter((one) => one.may_be_chosen && one.levels.includes(level)) ?? []
  /** A code in words; a code of a table that is no more stays a code. */
  const resultText = (code: string | null): string => {
    const known = code === null ? undefined : result(code)
    return known === undefined ? (code ?? '—') : said(known)
  }
  const actionText = (code: string): string => {
    const known = table.value?.actions.find((one) => one.code === code)
    return known === undefined ? code : said(known)
  }

  return { table, templates, failure, load, result, resultsAt, resultText, actionText }
})
