import { Banknote } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/payments',
  menu: { group: 'operations', order: 50, icon: Banknote },
  permissions: ['payments.read'],
  keys: 'g h',
  page: () => import('./PaymentsPage.vue'),
}

export default room
