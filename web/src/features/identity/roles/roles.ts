/** Roles and the catalogue of rights, as the server tells them. */

import { computed } from 'vue'
import { api, ask } from '@/api/client'
import type { Permission, Role } from '@/api/contract'
import { useThing } from '@/api/thing'

export function useRoles() {
  const { thing, failure, isLoading, reload } = useThing(() => ask(api.GET('/api/v1/identity/roles')))
  return { roles: computed<Role[]>(() => thing.value?.items ?? []), failure, isLoading, reload }
}

export function useCatalogue() {
  return useThing(() => ask(api.GET('/api/v1/identity/permissions')))
}

/** Rights side by side that concern the same thing, in the order of the catalogue. */
export function byThing(permissions: readonly Permission[]): { thing: string; permissions: Permission[] }[] {
  const groups = new Map<string, Permission[]>()
  for (const permission of permissions) {
    groups.set(permission.thing, [...(groups.get(permission.thing) ?? []), permission])
  }
  return [...groups].map(([thing, members]) => ({ thing, permissions: members }))
}

/** Codes of one excluding group that are held together; an empty list is right. */
export function collision(held: readonly string[], exclusive: readonly (readonly string[])[]): string[] {
  for (const group of exclusive) {
    const together = [...new Set(held.filter((code) => group.includes(code)))]
    if (together.length > 1) return together
  }
  return []
}
