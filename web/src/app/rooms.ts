/** All rooms of the desk, found by their folders, and which of them this person may enter. */

import { computed } from 'vue'
import { useSession } from '@/api/session'
import type { PermissionCode } from '@/api/types'
import type { Room } from '@/kit/room'

const found = import.meta.glob<{ default: Room }>('../features/*/*/room.ts', { eager: true })

export const rooms: readonly Room[] = Object.values(found)
  .map((module) => module.default)
  .sort((one, other) => (one.menu?.order ?? 0) - (other.menu?.order ?? 0))

/** Menus from top to bottom. */
export const GROUPS = [
  'work',
  'telephony',
  'quality',
  'operations',
  'organisation',
  'trust',
  'system',
  'platform',
  'own',
] as const
export type Group = (typeof GROUPS)[number]

export const roomWord = (room: Pick<Room, 'name'>, word: 'name' | 'about'): string =>
  `room.${room.name.replaceAll('/', '.')}.${word}`

export function useRooms() {
  const session = useSession()
  const mayEnter = (room: Room): boolean =>
    room.permissions.length === 0 || room.permissions.some((permission) => session.may(permission as PermissionCode))
  const open = computed(() => rooms.filter(mayEnter))
  const menu = computed(() =>
    GROUPS.map((group) => ({ group, rooms: open.value.filter((room) => room.menu?.group === group) })).filter(
      (part) => part.rooms.length > 0,
    ),
  )
  return { open, menu, mayEnter }
}
