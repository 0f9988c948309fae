/** The form of an entry at work: its draft, what it lacks, and saving it once. */

import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { CaseInFull, ContactLevel } from '@/api/casework-types'
import { post } from '@/api/plain'
import { useSending } from '@/kit/form'
import { onceKey } from '@/kit/once'
import { useSay } from '@/kit/say'
import { useCodes } from '../../casework/cases/codes'
import { usePhone } from '../../telephony/phone/phone'
import { useCall } from './call'
import { dispositionOf, toldBy } from './disposition'
import { amountFor, isEmpty, missing, type Draft } from './draft'
import { useDrafts } from './drafts'

export function useDisposition(full: () => CaseInFull) {
  const { t } = useI18n()
  const codes = useCodes()
  const drafts = useDrafts()
  const calls = useCall()
  const phone = usePhone()
  const say = useSay()
  const { isBusy, failure, send, forget } = useSending()
  const isTried = ref(false)
  let once = onceKey()

  const draft = computed<Draft>(() => drafts.of(full().id))
  watch(
    draft,
    () => {
      drafts.keep(full().id)
      forget()
    },
    { deep: true },
  )

  const results = computed(() => codes.resultsAt(draft.value.level))
  const result = computed(() => codes.result(draft.value.resultCode))
  const lacking = computed(() => (result.value === undefined ? [] : missing(draft.value, result.value)))
  const call = computed(() => (calls.call?.caseId === full().id ? calls.call : null))

  /** The call whose words may have something to offer: answered, over the phone, and at its end. */
  const heardCall = computed(() =>
    call.value !== null && call.value.isAnswered && call.value.endedAt !== null ? call.value.callId : null,
  )

  function choose(code: string): void {
    draft.value.resultCode = draft.value.resultCode === code ? '' : code
    isTried.value = false
    draft.value.amountFen = amountFor(draft.value.resultCode, draft.value.amountFen, full().owing_fen)
  }

  function reach(level: ContactLevel): void {
    draft.value.level = level
    if (!results.value.some((one) => one.code === draft.value.resultCode)) draft.value.resultCode = ''
  }

  /** When a call ends, what it told is filled in; what she wrote herself stays. */
  watch(
    () => (call.value?.endedAt == null ? null : `${call.value.callId} ${call.value.ending}`),
    (now) => {
      const over = call.value
      if (now === null || over === null || over.callId === null) return
      const number = full().phones.find((one) => one.id === over.phoneId)
      draft.value.phoneId = over.phoneId
      draft.value.actionCode = over.isInbound ? 'IB' : 'OB'
      if (draft.value.resultCode !== '') return
      const told = toldBy(over, number?.relation)
      draft.value.level = told.level
      draft.value.resultCode = results.value.some((one) => one.code === told.resultCode) ? told.resultCode : ''
    },
    { immediate: true },
  )

  /** True when it is written down; false when something is lacking or the house refused. */
  async function save(): Promise<boolean> {
    isTried.value = true
    const chosen = result.value
    if (chosen === undefined || lacking.value.length > 0) return false
    const body = dispositionOf(full().id, draft.value, chosen, call.value)
    const isSaved = await send(async () => {
      await post('workbench/dispositions', body, once)
      return true
    })
    if (isSaved !== true) return false
    once = onceKey()
    isTried.value = false
    if (call.value !== null) calls.forget()
    drafts.drop(full().id)
    void phone.wrappedUp()
    say.done(t('workspace.written'))
    return true
  }

  return {
    draft,
    result,
    results,
    lacking,
    isTried,
    isBusy,
    failure,
    isWritten: computed(() => !isEmpty(draft.value)),
    heardCall,
    choose,
    reach,
    save,
    drop: () => drafts.drop(full().id),
  }
}
