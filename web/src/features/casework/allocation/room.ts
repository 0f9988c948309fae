import { Split } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/allocation',
  menu: { group: 'operations', order: 40, icon: Split },
  permissions: ['cases.allocate'],
  keys: 'g f',
  page: () => import('./AllocationPage.vue'),
}

export default room
