import { Network } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/org-units',
  menu: { group: 'organisation', order: 20, icon: Network },
  permissions: ['org_units.read'],
  keys: 'g o',
  page: () => import('./OrgUnitsPage.vue'),
}

export default room
