/** The network, or Anmi itself, is back: whoever failed in between tries again. */

import { getCurrentScope, onScopeDispose } from 'vue'

const waiting = new Set<() => void>()

export function isBack(): void {
  for (const tryAgain of waiting) tryAgain()
}

export function onBack(tryAgain: () => void): void {
  if (getCurrentScope() === undefined) return
  waiting.add(tryAgain)
  onScopeDispose(() => waiting.delete(tryAgain))
}
