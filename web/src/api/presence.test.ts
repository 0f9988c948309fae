import { expect, it } from 'vitest'
import { isAway, watchPresence } from './presence'

it('takes somebody for away a minute after the last key or pointer', () => {
  const page = new EventTarget()
  watchPresence(page)
  page.dispatchEvent(new Event('keydown'))
  const now = Date.now()
  expect(isAway(now + 59_000)).toBe(false)
  expect(isAway(now + 61_000)).toBe(true)
})
