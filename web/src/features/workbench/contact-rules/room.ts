import { Scale } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'workbench/contact-rules',
  menu: { group: 'trust', order: 15, icon: Scale },
  permissions: ['contact_rules.read'],
  keys: 'g x',
  page: () => import('./ContactRulesPage.vue'),
}

export default room
