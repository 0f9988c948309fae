/** Two soft tones for an alarm: heard by who listens, overheard by who does not. */

const TONES_HZ = [660, 880]
const TONE_SECONDS = 0.16
const LOUDNESS = 0.05

export function chime(): void {
  const context = new AudioContext()
  const gain = context.createGain()
  gain.gain.value = LOUDNESS
  gain.connect(context.destination)
  TONES_HZ.forEach((hertz, place) => {
    const tone = context.createOscillator()
    const starts = context.currentTime + place * TONE_SECONDS
    tone.frequency.value = hertz
    tone.connect(gain)
    tone.start(starts)
    tone.stop(starts + TONE_SECONDS)
    if (place === TONES_HZ.length - 1) tone.onended = () => void context.close()
  })
}
