/** Keys of the desk: who is mounted says which keys it listens to, and `?` shows them all. */

import { getCurrentInstance, onActivated, onDeactivated, onScopeDispose, shallowReactive } from 'vue'

export type Key = {
  /** As people write it: `?`, `/`, `n`, `g p`, `Ctrl+K`, `Alt+W`. */
  keys: string
  /** What it does, as a function, so that it follows the language. */
  label: () => string
  run: (event: KeyboardEvent) => void
}

export const keysInUse: Set<Key> = shallowReactive(new Set<Key>())

const SEQUENCE_MS = 900
let first = ''
let firstAt = 0

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}

function isCovered(): boolean {
  const layers = document.querySelectorAll<HTMLElement>('.el-overlay')
  return [...layers].some((layer) => layer.style.display !== 'none')
}

function written(event: KeyboardEvent): string {
  // A Mac writes another letter while Option is held; the key itself stays the same.
  if (event.altKey) return event.ctrlKey ? '' : `Alt+${event.code.replace(/^Key|^Digit/, '')}`
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `Ctrl+${key.toUpperCase()}` : key
}

export function hearKey(event: KeyboardEvent): void {
  // While Chinese is being composed, keys belong to the input method.
  if (event.isComposing || event.defaultPrevented) return
  const pressed = written(event)
  const isChord = /^(Ctrl|Alt)\+/.test(pressed)
  if (!isChord && isTyping(event.target)) return
  if (!pressed.startsWith('Ctrl+') && isCovered()) return
  const sequence = event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${pressed}` : pressed
  const key = find(sequence) ?? find(pressed)
  first = pressed
  firstAt = event.timeStamp
  if (key !== undefined) {
    event.preventDefault()
    key.run(event)
  }
}

function find(keys: string): Key | undefined {
  // The last to come is nearest to the person: a page before the shell.
  return [...keysInUse].reverse().find((key) => key.keys === keys)
}

export function useKeys(keys: readonly Key[]): void {
  const hear = (): void => {
    for (const key of keys) keysInUse.add(key)
  }
  const rest = (): void => {
    for (const key of keys) keysInUse.delete(key)
  }
  hear()
  onScopeDispose(rest)
  if (getCurrentInstance() === null) return
  // A case that is kept alive behind another one must not hear what is meant for the one in front.
  onActivated(hear)
  onDeactivated(rest)
}
