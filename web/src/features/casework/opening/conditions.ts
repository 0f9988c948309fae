/** Conditions of an opening rule, read aloud. */

import { yuan } from '@/kit/money'
import { listed } from '@/words'

type Translate = (key: string, named?: Record<string, unknown>) => string

const money = (value: unknown): string => (typeof value === 'number' ? yuan(value) : String(value))
const many = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)])

export function conditionText(when: Record<string, unknown>, t: Translate): string {
  const said = Object.entries(when).map(([name, value]) => {
    switch (name) {
      case 'reach':
        return t('opening.when.reach', { value: listed(many(value).map((one) => t(`opening.reach.${one}`))) })
      case 'buckets':
        return t('opening.when.buckets', { value: listed(many(value)) })
      case 'owing_from':
      case 'owing_to':
        return t(`opening.when.${name}`, { value: money(value) })
      case 'is_special':
      case 'is_linked':
        return t(value === true ? `opening.when.${name}` : `opening.when.not_${name}`)
      default:
        return t(`opening.when.${name}`, { value: String(value) })
    }
  })
  return said.length === 0 ? t('opening.when.always') : listed(said)
}
