import { ClipboardList } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'workbench/work-orders',
  menu: { group: 'work', order: 4, icon: ClipboardList },
  permissions: ['work_orders.read'],
  keys: 'g k',
  page: () => import('./WorkOrdersPage.vue'),
}

export default room
