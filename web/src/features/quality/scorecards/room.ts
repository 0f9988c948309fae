import { ClipboardCheck } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/scorecards',
  menu: { group: 'quality', order: 6, icon: ClipboardCheck },
  permissions: ['inspections.read'],
  page: () => import('./ScorecardsPage.vue'),
}

export default room
