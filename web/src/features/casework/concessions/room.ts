import { BadgePercent } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/concessions',
  menu: { group: 'work', order: 3, icon: BadgePercent },
  permissions: ['cases.work', 'concessions.approve'],
  keys: 'g d',
  page: () => import('./ConcessionsPage.vue'),
}

export default room
