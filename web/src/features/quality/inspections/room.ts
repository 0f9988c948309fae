import { ShieldCheck } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'quality/inspections',
  menu: { group: 'quality', order: 1, icon: ShieldCheck },
  permissions: ['inspections.read'],
  keys: 'g i',
  page: () => import('./InspectionsPage.vue'),
}

export default room
