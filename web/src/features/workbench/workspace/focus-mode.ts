/** Focus mode: everything that is not the work steps aside; the browser goes full screen where it may. */

import { readonly, ref } from 'vue'

const isFocused = ref(false)

export const useFocusMode = () => readonly(isFocused)

export function setFocusMode(wanted: boolean): void {
  if (wanted === isFocused.value) return
  isFocused.value = wanted
  document.documentElement.toggleAttribute('data-focus-mode', wanted)
  // A browser that does not allow it still hides the rest.
  if (wanted) void document.documentElement.requestFullscreen?.().catch(() => undefined)
  else if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined)
}

// Esc ends the full screen: the rest comes back with it.
document.addEventListener('fullscreenchange', () => {
  if (document.fullscreenElement === null && isFocused.value) setFocusMode(false)
})
