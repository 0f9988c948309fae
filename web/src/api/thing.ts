/** One thing that a page shows: loading, there, or not to be had. */

import { ref, shallowRef } from 'vue'
import { onBack } from './back'
import { Refusal, Unreachable } from './failure'

export function useThing<Thing>(load: () => Promise<Thing>) {
  const thing = shallowRef<Thing | null>(null)
  const failure = shallowRef<Refusal | Unreachable | null>(null)
  const isLoading = ref(false)
  let asked = 0

  async function reload(): Promise<void> {
    const ticket = ++asked
    isLoading.value = true
    try {
      const got = await load()
      if (ticket !== asked) return
      thing.value = got
      failure.value = null
    } catch (thrown) {
      if (!(thrown instanceof Refusal || thrown instanceof Unreachable)) throw thrown
      if (ticket === asked) failure.value = thrown
    } finally {
      if (ticket === asked) isLoading.value = false
    }
  }

  onBack(() => {
    if (failure.value instanceof Unreachable) void reload()
  })

  return { thing, failure, isLoading, reload }
}
