/** The password policy as hints while somebody types. The server decides; history it alone can know. */

import type { PasswordPolicy } from '@/api/types'

export type Rule = { word: 'length' | 'classes' | 'different' | 'repeated'; n: number; isMet: boolean }

export function classesOf(password: string): number {
  const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u]
  return kinds.filter((kind) => kind.test(password)).length
}

export function rulesFor(policy: PasswordPolicy, current: string, fresh: string, repeated: string): Rule[] {
  return [
    { word: 'length', n: policy.min_length, isMet: [...fresh].length >= policy.min_length },
    { word: 'classes', n: policy.classes, isMet: classesOf(fresh) >= policy.classes },
    { word: 'different', n: 0, isMet: fresh !== '' && fresh !== current },
    { word: 'repeated', n: 0, isMet: fresh !== '' && fresh === repeated },
  ]
}
