import { Cable } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'telephony/trunks',
  menu: { group: 'telephony', order: 4, icon: Cable },
  permissions: ['trunks.read'],
  keys: 'g 2',
  page: () => import('./TrunksPage.vue'),
}

export default room
