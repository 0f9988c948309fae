import { ShieldCheck } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/roles',
  menu: { group: 'trust', order: 30, icon: ShieldCheck },
  permissions: ['roles.read'],
  keys: 'g r',
  page: () => import('./RolesPage.vue'),
}

export default room
