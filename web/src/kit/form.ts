/** Sending a form: busy once, faults beside their fields, the rest above. */

import { ref } from 'vue'
import { asFailing, type Failing } from './failure'

export function useSending() {
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
      faults.value = (thrown as { fields?: Record<string, string> }).fields ?? {}
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
