/** The sound of a phone that rings: made of tones, so that nothing has to be loaded. */

import { speakThrough } from './devices'

const TONES_HZ = [440, 480]
const RING_EVERY_MS = 4000
const RING_SECONDS = 1.2
const LOUDNESS = 0.08

export class Ringer {
  private context: AudioContext | null = null
  private timer: ReturnType<typeof setInterval> | undefined

  start(): void {
    if (this.context !== null) return
    this.context = new AudioContext()
    const out = this.context.createMediaStreamDestination()
    const sound = new Audio()
    sound.srcObject = out.stream
    void speakThrough(sound).then(() => sound.play().catch(() => undefined))
    const ring = (): void => this.ring(out)
    ring()
    this.timer = setInterval(ring, RING_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.timer)
    void this.context?.close()
    this.context = null
  }

  /** One ring, or a test tone. */
  private ring(out: AudioNode): void {
    const context = this.context
    if (context === null) return
    const gain = context.createGain()
    gain.gain.value = LOUDNESS
    gain.connect(out)
    for (const hertz of TONES_HZ) {
      const tone = context.createOscillator()
      tone.frequency.value = hertz
      tone.connect(gain)
      tone.start()
      tone.stop(context.currentTime + RING_SECONDS)
    }
  }
}
