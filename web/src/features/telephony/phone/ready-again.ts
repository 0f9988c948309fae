/** A reload is no rest: whoever was ready in this tab a moment ago is ready again when her phone is back. */

const KEPT = 'anmi.phone.wasReady'
const FOR_MS = 60_000

/** Remember, as the page goes, who was ready. */
export function rememberReady(personId: string, now: number = Date.now()): void {
  sessionStorage.setItem(KEPT, JSON.stringify({ personId, at: now }))
}

export const forgetReady = (): void => sessionStorage.removeItem(KEPT)

/** Say, once, whether somebody was ready when the page went. */
export function wasReady(personId: string | undefined, now: number = Date.now()): boolean {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as { personId: string; at: number } | null
  forgetReady()
  return kept !== null && kept.personId === personId && now - kept.at < FOR_MS
}
