/** Whether somebody is there: a page that asks by itself, on news of others, must not keep a session alive. */

const QUIET_MILLISECONDS = 60_000

let lastSign = Date.now()

/** Notice keys, pointers and touches from now on. */
export function watchPresence(target: EventTarget = window): void {
  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    target.addEventListener(sign, () => (lastSign = Date.now()), { passive: true, capture: true })
  }
}

/** Whether nobody has touched anything for a while. */
export function isAway(now = Date.now()): boolean {
  return now - lastSign > QUIET_MILLISECONDS
}
