import { Headset } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'workbench',
  menu: { group: 'work', order: 1, icon: Headset },
  permissions: ['cases.read'],
  keys: 'g w',
  page: () => import('./WorkspacePage.vue'),
}

export default room
