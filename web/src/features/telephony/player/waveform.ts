/** A waveform as bars: as many as there is room for, each as high as the loudest of its stretch. */

const FULL = 255

/** Heights from 0 to 1. */
export function bars(peaks: readonly number[], count: number): number[] {
  if (peaks.length === 0 || count <= 0) return []
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / count))
    return Math.max(...peaks.slice(from, to)) / FULL
  })
}

/** Where in the recording a place on the picture is, in seconds. */
export const secondsAt = (x: number, width: number, length: number): number =>
  width <= 0 ? 0 : Math.max(0, Math.min(length, (x / width) * length))
