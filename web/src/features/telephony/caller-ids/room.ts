import { IdCard } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'telephony/caller-ids',
  menu: { group: 'telephony', order: 5, icon: IdCard },
  permissions: ['caller_ids.read'],
  keys: 'g 3',
  page: () => import('./CallerIdsPage.vue'),
}

export default room
