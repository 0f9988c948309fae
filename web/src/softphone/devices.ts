/** Microphones, speakers, and how loud it is in front of one. What was chosen is kept in this browser. */

import { useStorage } from '@vueuse/core'

export type Device = { id: string; name: string }
export type Devices = { microphones: Device[]; speakers: Device[] }

/** Empty: whatever the system takes. */
export const microphone = useStorage('anmi.phone.microphone', '')
export const speaker = useStorage('anmi.phone.speaker', '')

/** A page that came over plain HTTP from elsewhere is kept from the microphone. */
export const isSecure = (): boolean => globalThis.isSecureContext && navigator.mediaDevices !== undefined

export function constraints(): MediaStreamConstraints {
  const chosen = microphone.value === '' ? {} : { deviceId: { ideal: microphone.value } }
  return { audio: { ...chosen, echoCancellation: true, noiseSuppression: true, autoGainControl: true }, video: false }
}

/** The devices by their names, which browsers tell only after the microphone was allowed. */
export async function devices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices()
  const named = (kind: MediaDeviceKind): Device[] =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map((device, index) => ({ id: device.deviceId, name: device.label || `${index + 1}` }))
  return { microphones: named('audioinput'), speakers: named('audiooutput') }
}

/** Let an element speak through the chosen speaker, where the browser can choose. */
export async function speakThrough(sound: HTMLAudioElement): Promise<void> {
  if (!('setSinkId' in sound)) return
  // A speaker that was pulled out is no reason to hear nothing.
  await sound.setSinkId(speaker.value).catch(() => sound.setSinkId(''))
}

const LOUD = 0.35

/** Tell, some twenty times a second, how loud a stream is, from 0 to 1, until it is stopped. */
export function listenTo(stream: MediaStream, tell: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    tell(levelOf(samples))
  }, 50)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

/** Root mean square against what counts as loud speech. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length)
  return Math.min(1, Math.sqrt(power) / LOUD)
}
