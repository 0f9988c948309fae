import { ChartColumn } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/figures',
  menu: { group: 'quality', order: 3, icon: ChartColumn },
  permissions: ['inspections.read'],
  page: () => import('./FiguresPage.vue'),
}

export default room
