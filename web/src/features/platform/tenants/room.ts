import { Building2 } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'platform/tenants',
  menu: { group: 'platform', order: 80, icon: Building2 },
  permissions: ['tenants.read'],
  keys: 'g n',
  page: () => import('./TenantsPage.vue'),
}

export default room
