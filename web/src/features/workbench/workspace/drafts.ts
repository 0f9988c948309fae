/** Drafts of this person in this browser: a reload, a crash and a closed tab lose none. */

import { defineStore } from 'pinia'
import { reactive } from 'vue'
import { useSession } from '@/api/session'
import { emptyDraft, isEmpty, readDraft, type Draft } from './draft'

const STEM = 'anmi.draft.'

export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const drafts = reactive(new Map<string, Draft>())
  const keyOf = (caseId: string): string => `${STEM}${session.person?.id ?? 'nobody'}.${caseId}`

  /** The draft of a case, as it was left. */
  function of(caseId: string): Draft {
    const known = drafts.get(caseId)
    if (known !== undefined) return known
    drafts.set(caseId, readDraft(localStorage.getItem(keyOf(caseId))) ?? emptyDraft())
    return drafts.get(caseId) as Draft
  }

  function keep(caseId: string): void {
    const draft = of(caseId)
    if (isEmpty(draft)) localStorage.removeItem(keyOf(caseId))
    else localStorage.setItem(keyOf(caseId), JSON.stringify(draft))
  }

  function drop(caseId: string): void {
    localStorage.removeItem(keyOf(caseId))
    Object.assign(of(caseId), emptyDraft())
  }

  const has = (caseId: string): boolean => !isEmpty(of(caseId))

  return { of, keep, drop, has }
})
