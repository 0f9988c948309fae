/** The live connection as a store: its light, and who listens to which topic. */

import { defineStore } from 'pinia'
import { onScopeDispose, ref } from 'vue'
import { isBack } from '@/api/back'
import { LEAVINGS, useSession } from '@/api/session'
import { LiveConnection, type LiveState, type Notice } from './connection'

type Listener = (notice: Notice | null) => void

export const useLive = defineStore('live', () => {
  const session = useSession()
  const state = ref<LiveState>('closed')
  const listeners = new Map<string, Set<Listener>>()
  let wasConnected = false

  const connection = new LiveConnection(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`, {
    onState: (now) => {
      state.value = now
      if (now === 'connected') isBack()
    },
    onNotice: (notice) => listeners.get(notice.topic)?.forEach((listen) => listen(notice)),
    onSessionEnded: (reason) => session.leave(LEAVINGS.find((known) => known === reason) ?? 'ended'),
    onGap: () => {
      if (wasConnected) listeners.forEach((heard) => heard.forEach((listen) => listen(null)))
      wasConnected = true
    },
  })

  function listen(topic: string, listener: Listener): () => void {
    const heard = listeners.get(topic) ?? new Set()
    listeners.set(topic, heard.add(listener))
    connection.subscribe([topic])
    return () => heard.delete(listener)
  }

  return {
    state,
    open: () => connection.open(),
    close: () => connection.close(),
    retryNow: () => connection.retryNow(),
    listen,
  }
})

/**
 * Do something when a topic speaks, as long as the calling component lives. A burst of notices is
 * one call; `null` means that something may have been missed.
 */
export function onLive(topic: string, react: (notice: Notice | null) => void, gatherMs = 150): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = useLive().listen(topic, (notice) => {
    clearTimeout(timer)
    timer = setTimeout(() => react(notice), gatherMs)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
  })
}
