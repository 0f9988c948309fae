import { PackageOpen } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/placements',
  menu: { group: 'operations', order: 20, icon: PackageOpen },
  permissions: ['placements.read'],
  keys: 'g l',
  page: () => import('./PlacementsPage.vue'),
}

export default room
