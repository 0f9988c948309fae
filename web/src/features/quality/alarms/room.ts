import { Siren } from '@lucide/vue'
import type { Room } from '@/kit/room'
import { useAlarms } from './alarm-store'

const room: Room = {
  name: 'quality/alarms',
  menu: { group: 'quality', order: 0, icon: Siren, badge: () => useAlarms().waiting.length },
  permissions: ['alarms.answer'],
  keys: 'g q',
  page: () => import('./AlarmsPage.vue'),
}

export default room
