import { HandHelping } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/assists',
  menu: { group: 'work', order: 5, icon: HandHelping },
  permissions: ['cases.read'],
  page: () => import('./AssistsPage.vue'),
}

export default room
