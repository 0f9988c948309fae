import { MonitorPlay } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'telephony/floor',
  menu: { group: 'telephony', order: 1, icon: MonitorPlay },
  permissions: ['floor.read'],
  keys: 'g v',
  page: () => import('./FloorPage.vue'),
}

export default room
