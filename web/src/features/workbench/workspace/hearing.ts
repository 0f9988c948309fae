/** A sentence of a recorded call, heard from where it was said; asked for when somebody really listens. */

import { onScopeDispose, ref } from 'vue'
import { addressOf, withTrack } from '../../telephony/player/recordings'
import { recordOf } from '../../telephony/records/records'

/** A little before, so that the first word is whole; and no longer than a sentence lasts. */
const LEAD_SECONDS = 0.6
const MOST_SECONDS = 12

export function useHearing() {
  const playing = ref<number | null>(null)
  let sound: HTMLAudioElement | null = null

  function stop(): void {
    sound?.pause()
    sound = null
    playing.value = null
  }

  /** False when there is no recording yet. */
  async function hear(callId: string, at: number): Promise<boolean> {
    stop()
    const { recording_id: recording } = await recordOf(callId)
    if (recording === null) return false
    const { url } = await addressOf(recording)
    const from = Math.max(0, at - LEAD_SECONDS)
    const audio = new Audio(withTrack(url, 'mix'))
    sound = audio
    playing.value = at
    audio.currentTime = from
    audio.onended = audio.onerror = stop
    audio.ontimeupdate = () => {
      if (audio.currentTime > from + MOST_SECONDS) stop()
    }
    await audio.play()
    return true
  }

  onScopeDispose(stop)
  return { playing, hear, stop }
}
