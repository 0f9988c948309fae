import { FileAudio } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'telephony/records',
  menu: { group: 'telephony', order: 2, icon: FileAudio },
  permissions: ['calls.read'],
  keys: 'g z',
  page: () => import('./RecordsPage.vue'),
}

export default room
