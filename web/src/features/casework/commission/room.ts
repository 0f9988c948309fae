import { Percent } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/commission',
  menu: { group: 'operations', order: 54, icon: Percent },
  permissions: ['commission.read'],
  page: () => import('./CommissionPage.vue'),
}

export default room
