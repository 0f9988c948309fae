import { Landmark } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/creditors',
  menu: { group: 'operations', order: 10, icon: Landmark },
  permissions: ['creditors.read'],
  keys: 'g e',
  page: () => import('./CreditorsPage.vue'),
}

export default room
