/**
 * Dates as 2026-03-05, times in 24 hours, always by China's clock: lawful hours are counted there, wherever the desk is
 * looked at from. China has one zone and no summer time.
 */

const CHINA_MILLISECONDS = 8 * 3_600_000

/** How a picker writes an instant: by the clock of China, wherever the browser stands. */
export const CHINA_INSTANT = 'YYYY-MM-DDTHH:mm:00[+08:00]'

const two = (n: number): string => String(n).padStart(2, '0')

/** An instant whose UTC fields are what a clock in China shows. */
const inChina = (at: Date): Date => new Date(at.getTime() + CHINA_MILLISECONDS)

const dayOf = (day: Date): string => `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`

export function dateText(instant: string): string {
  return dayOf(inChina(new Date(instant)))
}

export function timeText(instant: string): string {
  const at = inChina(new Date(instant))
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
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
  const day = inChina(now)
  day.setUTCDate(day.getUTCDate() + count)
  return dayOf(day)
}
