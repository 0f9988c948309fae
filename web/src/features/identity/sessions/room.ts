import { MonitorSmartphone } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/sessions',
  menu: { group: 'own', order: 90, icon: MonitorSmartphone },
  permissions: [],
  keys: 'g s',
  page: () => import('./SessionsPage.vue'),
}

export default room
