import { Scale } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/calibrations',
  menu: { group: 'quality', order: 4, icon: Scale },
  permissions: ['quality_rules.read'],
  page: () => import('./CalibrationsPage.vue'),
}

export default room
