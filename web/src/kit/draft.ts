/** A thing of the house that is being changed: what is written stands apart from what is kept until it is saved. */

import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'

export type Draft<Thing> = { draft: Ref<Thing | null>; isDirty: ComputedRef<boolean>; undo: () => void }

export function useDraft<Thing>(kept: Readonly<Ref<Thing | null>>): Draft<Thing> {
  const draft = ref(null) as Ref<Thing | null>
  const isDirty = computed(() => draft.value !== null && JSON.stringify(draft.value) !== JSON.stringify(kept.value))
  const undo = (): void => {
    draft.value = JSON.parse(JSON.stringify(kept.value)) as Thing | null
  }
  watch(kept, undo)
  return { draft, isDirty, undo }
}
