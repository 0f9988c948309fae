import { BookOpenCheck } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/packs',
  menu: { group: 'quality', order: 5, icon: BookOpenCheck },
  permissions: ['quality_rules.read'],
  page: () => import('./PacksPage.vue'),
}

export default room
