/** What the rooms of people share: tones of states, columns, checks. */

import type { Person, PersonState } from '@/api/types'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export const STATE_TONES: Record<PersonState, Tone> = { active: 'good', locked: 'warn', disabled: 'plain' }
export const PERSON_STATES: readonly PersonState[] = ['active', 'locked', 'disabled']

export const isMobile = (phone: string): boolean => /^1[3-9]\d{9}$/.test(phone)

export function isOver(date: string | null): boolean {
  return date !== null && Date.parse(`${date}T23:59:59+08:00`) < Date.now()
}

export function peopleColumns(t: (key: string) => string): Column<Person>[] {
  const title = (key: string): string => t(`people.column.${key}`)
  return [
    { key: 'employee_no', title: title('employee_no'), width: '104px', sort: 'employee_no' },
    { key: 'name', title: title('name'), sort: 'name', isHead: true, width: '190px' },
    { key: 'unit', title: title('unit'), text: (person) => person.unit?.name ?? null },
    { key: 'roles', title: title('roles') },
    { key: 'phone', title: title('phone'), width: '132px', text: (person) => person.phone_masked },
    { key: 'state', title: title('state'), width: '180px' },
    { key: 'totp', title: title('totp'), width: '100px', isHiddenAtFirst: true },
    { key: 'training', title: title('training'), width: '130px', isHiddenAtFirst: true },
    { key: 'seen', title: title('seen'), width: '140px', sort: 'last_seen_at' },
  ]
}
