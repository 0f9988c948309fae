import { SlidersHorizontal } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/live-watch',
  menu: { group: 'quality', order: 7, icon: SlidersHorizontal },
  permissions: ['quality_rules.read'],
  page: () => import('./WatchPolicyPage.vue'),
}

export default room
