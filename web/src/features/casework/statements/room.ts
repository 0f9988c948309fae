import { ClipboardCheck } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/statements',
  menu: { group: 'operations', order: 52, icon: ClipboardCheck },
  permissions: ['payments.post'],
  page: () => import('./StatementsPage.vue'),
}

export default room
