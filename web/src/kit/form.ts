/** Sending a form: busy once, faults beside their fields, the rest above. */

import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { asFailing, type Failing } from './failure'

export function useSending() {
  const { t } = useI18n()
  const isBusy = ref(false)
  const failure = ref<Failing | null>(null)
  const faults = ref<Record<string, string>>({})

  /** The answer, or undefined when it failed and the failure is shown. */
  async function send<Answer>(act: () => Promise<Answer>): Promise<Answer | undefined> {
    if (isBusy.value) return undefined
    isBusy.value = true
    failure.value = null
    faults.value = {}
    try {
      return await act()
    } catch (thrown) {
      failure.value = asFailing(thrown)
      const fields = (thrown as { fields?: Record<string, string> }).fields ?? {}
      // The server names the field; what is wrong with it, it says for programmers.
      faults.value = Object.fromEntries(Object.keys(fields).map((field) => [field, t('failure.field')]))
      return undefined
    } finally {
      isBusy.value = false
    }
  }

  function forget(): void {
    failure.value = null
    faults.value = {}
  }

  return { isBusy, failure, faults, send, forget }
}
