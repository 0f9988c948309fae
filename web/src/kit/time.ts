/** Dates as 2026-03-05, times in 24 hours, in the zone of the person who looks. */

const two = (n: number): string => String(n).padStart(2, '0')

export function dateText(instant: string): string {
  const at = new Date(instant)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

export function timeText(instant: string): string {
  const at = new Date(instant)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

export function instantText(instant: string): string {
  return `${dateText(instant)} ${timeText(instant).slice(0, 5)}`
}

export function exactText(instant: string): string {
  return `${dateText(instant)} ${timeText(instant)}`
}

/** `4:05` or `1:04:05`: what is left of a wait. */
export function leftText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** The day `count` days from now, as the API writes days. */
export function dayFromNow(count: number, now: Date = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + count)
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}
