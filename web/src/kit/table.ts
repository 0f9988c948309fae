/** What a table is told about its columns, and which of them a person keeps. */

import { useStorage } from '@vueuse/core'
import { computed, type ComputedRef } from 'vue'

export type Column<Row> = {
  key: string
  title: string
  /** Plain text of a cell; a slot named `cell-<key>` may draw it instead. */
  text?: (row: Row) => string | number | null
  width?: string
  align?: 'right'
  /** The server's word for sorting by this column. */
  sort?: string
  /** Names the row: cannot be hidden. */
  isHead?: boolean
  isHiddenAtFirst?: boolean
}

export function useColumns<Row>(table: string, columns: () => Column<Row>[]) {
  const kept = useStorage<string[] | null>(`anmi.columns.${table}`, null, undefined, {
    serializer: { read: (text) => JSON.parse(text) as string[] | null, write: JSON.stringify },
  })
  const chosen: ComputedRef<string[]> = computed(() =>
    kept.value === null
      ? columns()
          .filter((column) => !column.isHiddenAtFirst)
          .map((column) => column.key)
      : kept.value,
  )
  const shown = computed(() => columns().filter((column) => column.isHead || chosen.value.includes(column.key)))
  function choose(keys: string[]): void {
    kept.value = keys
  }
  return { shown, chosen, choose }
}
