/** Light, dark, or as the system says; remembered in this browser for the page before the login. */

import { useStorage } from '@vueuse/core'
import { watchEffect, type Ref } from 'vue'

export type Theme = 'auto' | 'light' | 'dark'

export const theme: Ref<Theme> = useStorage<Theme>('anmi.theme', 'auto')

export function applyTheme(): void {
  watchEffect(() => {
    const root = document.documentElement
    if (theme.value === 'auto') delete root.dataset.theme
    else root.dataset.theme = theme.value
  })
}
