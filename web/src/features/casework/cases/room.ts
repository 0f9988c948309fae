import { FolderSearch } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'casework/cases',
  menu: { group: 'work', order: 2, icon: FolderSearch },
  permissions: ['cases.read'],
  keys: 'g c',
  page: () => import('./CaseListPage.vue'),
}

export default room
