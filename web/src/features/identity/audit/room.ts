import { ScrollText } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/audit',
  menu: { group: 'trust', order: 60, icon: ScrollText },
  permissions: ['audit.read'],
  keys: 'g a',
  page: () => import('./AuditPage.vue'),
}

export default room
