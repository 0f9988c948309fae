import { Settings2 } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/profile',
  menu: { group: 'own', order: 95, icon: Settings2 },
  permissions: [],
  keys: 'g m',
  page: () => import('./ProfilePage.vue'),
}

export default room
