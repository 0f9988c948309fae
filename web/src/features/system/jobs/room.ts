import { ListTodo } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'system/jobs',
  menu: { group: 'system', order: 70, icon: ListTodo },
  permissions: ['jobs.read'],
  keys: 'g j',
  page: () => import('./JobsPage.vue'),
}

export default room
