/** Names a case list is filtered by, as far as the caller may know them; without them the list works as well. */

import { ref, shallowRef } from 'vue'
import type { Named } from '@/api/casework-types'
import { api, ask } from '@/api/client'
import { Refusal, Unreachable } from '@/api/failure'
import { useSession } from '@/api/session'
import { unitsInOrder, type Unit } from './units'

const MOST = 200

async function orNone<Item>(asked: Promise<Item[]>): Promise<Item[]> {
  try {
    return await asked
  } catch (thrown) {
    if (thrown instanceof Refusal || thrown instanceof Unreachable) return []
    throw thrown
  }
}

export function useSurroundings() {
  const session = useSession()
  const creditors = shallowRef<Named[]>([])
  const placements = shallowRef<Named[]>([])
  const units = shallowRef<Unit[]>([])
  const isAsked = ref(false)

  async function load(): Promise<void> {
    if (isAsked.value) return
    isAsked.value = true
    const query = { limit: MOST }
    await Promise.all([
      session.may('creditors.read') &&
        orNone(ask(api.GET('/api/v1/casework/creditors', { params: { query } })).then(({ items }) => items)).then(
          (found) => (creditors.value = found.map(({ id, name }) => ({ id, name }))),
        ),
      session.may('placements.read') &&
        orNone(ask(api.GET('/api/v1/casework/placements', { params: { query } })).then(({ items }) => items)).then(
          (found) => (placements.value = found.map(({ id, code }) => ({ id, name: code }))),
        ),
      session.may('org_units.read') &&
        orNone(ask(api.GET('/api/v1/identity/org-units')).then(({ items }) => items)).then(
          (found) => (units.value = unitsInOrder(found)),
        ),
    ])
  }

  return { creditors, placements, units, load }
}
