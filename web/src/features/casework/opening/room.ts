import { ScanSearch } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/opening',
  menu: { group: 'operations', order: 30, icon: ScanSearch },
  permissions: ['placements.read'],
  keys: 'g b',
  page: () => import('./OpeningPage.vue'),
}

export default room
