/** Which agency somebody logs in to: from the subdomain, from last time, or typed in. */

import { useStorage } from '@vueuse/core'
import { ref } from 'vue'
import { api, ask } from '@/api/client'
import { Refusal } from '@/api/failure'

/** `east.anmi.example` speaks of the agency `east`; a bare host and an address of numbers speak of none. */
export function codeOfHost(host: string): string | null {
  const parts = host.split('.')
  if (/^[\d.]+$/.test(host) || parts[0] === 'www') return null
  return parts.length > 2 || (parts.length === 2 && parts[1] === 'localhost') ? (parts[0] ?? null) : null
}

export function useAgency() {
  const code = useStorage('anmi.agency', '')
  const name = ref<string | null>(null)
  const isUnknown = ref(false)
  const isByHost = ref(false)

  async function look(): Promise<void> {
    const asked = code.value.trim()
    name.value = null
    isUnknown.value = false
    if (asked === '') return
    try {
      const agency = await ask(api.GET('/api/v1/identity/agency', { params: { query: { code: asked } } }))
      if (code.value.trim() === asked) name.value = agency.name
    } catch (thrown) {
      // Without an answer the login itself will say what is wrong.
      isUnknown.value = thrown instanceof Refusal && thrown.status === 404
    }
  }

  async function recognise(): Promise<void> {
    const fromHost = codeOfHost(location.hostname)
    const remembered = code.value
    if (fromHost !== null) {
      code.value = fromHost
      await look()
      isByHost.value = name.value !== null
      if (!isByHost.value) code.value = remembered
    }
    if (!isByHost.value) await look()
  }

  return { code, name, isUnknown, isByHost, look, recognise }
}
