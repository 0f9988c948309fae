import { MessageSquareWarning } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/appeals',
  menu: { group: 'quality', order: 2, icon: MessageSquareWarning },
  permissions: ['inspections.read'],
  page: () => import('./AppealsPage.vue'),
}

export default room
