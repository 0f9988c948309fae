/** Lines of a list that somebody picked: some of those shown, or everything the filter means. */

import { computed, ref, type Ref } from 'vue'

type Line = { id: string; owing_fen: number }
type Whole = { count: number; owing_fen: number }

export function usePicked(lines: Ref<readonly Line[]>, whole: Ref<Whole | null>) {
  const ids = ref(new Set<string>())
  const isEverything = ref(false)
  const picked = computed(() => lines.value.filter((line) => ids.value.has(line.id)))
  const count = computed(() => (isEverything.value ? (whole.value?.count ?? 0) : ids.value.size))
  const owing = computed(() =>
    isEverything.value ? (whole.value?.owing_fen ?? 0) : picked.value.reduce((sum, line) => sum + line.owing_fen, 0),
  )
  const isEachShown = computed(() => lines.value.length > 0 && lines.value.every((line) => ids.value.has(line.id)))
  /** There is more behind the lines that are shown. */
  const hasMore = computed(() => !isEverything.value && isEachShown.value && (whole.value?.count ?? 0) > ids.value.size)

  function pick(id: string, isPicked: boolean): void {
    // One line taken out of everything leaves the others that are shown.
    const now = new Set(isEverything.value ? lines.value.map((line) => line.id) : ids.value)
    if (isPicked) now.add(id)
    else now.delete(id)
    ids.value = now
    isEverything.value = false
  }

  function pickShown(): void {
    ids.value = isEachShown.value ? new Set() : new Set(lines.value.map((line) => line.id))
    isEverything.value = false
  }

  function clear(): void {
    ids.value = new Set()
    isEverything.value = false
  }

  const has = (id: string): boolean => isEverything.value || ids.value.has(id)

  return { ids, isEverything, count, owing, isEachShown, hasMore, has, pick, pickShown, clear }
}

export type Picked = ReturnType<typeof usePicked>
