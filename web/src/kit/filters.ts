/** Filters that live in the address: a reload, a bookmark and the way back keep them. */

import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useFilters<Name extends string>(names: readonly Name[]) {
  const route = useRoute()
  const router = useRouter()
  const home = route.name
  const read = (name: Name): string => {
    const value = route.query[name]
    return typeof value === 'string' ? value : ''
  }
  const filters = reactive(Object.fromEntries(names.map((name) => [name, read(name)]))) as Record<Name, string>

  watch(
    () => ({ ...filters }),
    () => {
      const query = { ...route.query }
      for (const name of names) {
        if (filters[name]) query[name] = filters[name]
        else delete query[name]
      }
      void router.replace({ query })
    },
  )
  watch(
    () => route.query,
    () => {
      if (route.name !== home) return
      for (const name of names) if (filters[name] !== read(name)) filters[name] = read(name)
    },
  )

  const isFiltered = computed(() => names.some((name) => filters[name] !== ''))
  /** Only what was chosen, as the API wants it. */
  const chosen = computed(
    () =>
      Object.fromEntries(names.filter((name) => filters[name] !== '').map((name) => [name, filters[name]])) as Partial<
        Record<Name, string>
      >,
  )
  function clear(): void {
    for (const name of names) filters[name] = ''
  }
  return { filters, isFiltered, chosen, clear }
}
