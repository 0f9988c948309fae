import { Users } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/people',
  menu: { group: 'organisation', order: 10, icon: Users },
  permissions: ['people.read'],
  keys: 'g p',
  page: () => import('./PeoplePage.vue'),
}

export default room
