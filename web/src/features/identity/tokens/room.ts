import { KeyRound } from '@lucide/vue'
import type { Room } from '@/kit/room'

const room: Room = {
  name: 'identity/tokens',
  menu: { group: 'trust', order: 50, icon: KeyRound },
  permissions: ['tokens.read'],
  keys: 'g t',
  page: () => import('./TokensPage.vue'),
}

export default room
