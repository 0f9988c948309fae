import { SlidersHorizontal } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/policy',
  menu: { group: 'trust', order: 40, icon: SlidersHorizontal },
  permissions: ['policy.read'],
  keys: 'g y',
  page: () => import('./PolicyPage.vue'),
}

export default room
