/** One tab of a browser holds the phone: two would take it from each other without an end. */

const NAME = 'anmi.phone'

/**
 * Hold the phone for as long as this page lives. False: another tab holds it, unless it is taken from there;
 * `onLost` hears when another tab has done so.
 */
export function holdPhone(onLost: () => void, isTaking: boolean): Promise<boolean> {
  const locks: LockManager | undefined = navigator.locks
  // Over plain HTTP browsers give no locks; there is no microphone either.
  if (locks === undefined) return Promise.resolve(true)
  return new Promise((resolve) => {
    const how = isTaking ? { steal: true } : { ifAvailable: true }
    const held = locks.request(NAME, how, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise<void>(() => undefined)
    })
    held.catch(onLost)
  })
}
