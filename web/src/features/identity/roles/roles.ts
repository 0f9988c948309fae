/** Roles and the catalogue of rights, as the server tells them. */

import { computed } from 'vue'
import { api, ask } from '@/api/client'
import type { Catalogue, Permission, PermissionCode, Role } from '@/api/types'
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

type Holding = Pick<Role, 'code' | 'permissions'>

/** Roles that must not be in one pair of hands, because a group or the walls between administrators say so. */
export function collision(
  held: readonly Holding[],
  { exclusive, walls }: Pick<Catalogue, 'exclusive' | 'walls'>,
): string[] {
  for (const group of exclusive) {
    const together = held.filter((role) => group.includes(role.code))
    if (together.length > 1) return together.map((role) => role.code)
  }
  const touching = held.filter((role) => walls.some((wall) => touches(role.permissions, wall)))
  return wallsTouched(
    held.flatMap((role) => role.permissions),
    walls,
  ) > 1
    ? touching.map((role) => role.code)
    : []
}

/** How many sides of the walls between administrators these rights stand on; more than one is refused. */
export function wallsTouched(permissions: readonly string[], walls: Catalogue['walls']): number {
  return walls.filter((wall) => touches(permissions, wall)).length
}

const touches = (permissions: readonly string[], wall: readonly string[]): boolean =>
  permissions.some((permission) => wall.includes(permission))

/** What an API token may carry: what its maker could give away, never an administrator's own keys. */
export function givable(catalogue: Catalogue, may: (permission: PermissionCode) => boolean): Permission[] {
  return catalogue.permissions.filter(
    ({ code, platform }) =>
      !platform &&
      !catalogue.walls.some((wall) => touches([code], wall)) &&
      (may(code as PermissionCode) || may('grants.write')),
  )
}
