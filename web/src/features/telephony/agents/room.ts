import { Headphones } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'telephony/agents',
  menu: { group: 'telephony', order: 3, icon: Headphones },
  permissions: ['agents.read'],
  keys: 'g 1',
  page: () => import('./AgentsPage.vue'),
}

export default room
