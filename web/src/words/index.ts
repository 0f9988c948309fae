/** Languages of the desk: Chinese first, English second. */

import { useStorage } from '@vueuse/core'
import { createI18n } from 'vue-i18n'
import enUS from './en-US'
import zhCN, { type Words } from './zh-CN'

export type Locale = 'zh-CN' | 'en-US'
export const LOCALES: readonly { code: Locale; name: string }[] = [
  { code: 'zh-CN', name: '简体中文' },
  { code: 'en-US', name: 'English' },
]

declare module 'vue-i18n' {
  // oxlint-disable-next-line no-empty-object-type
  export interface DefineLocaleMessage extends Words {}
}

const remembered = useStorage<Locale | ''>('anmi.locale', '')

function wished(): Locale {
  if (remembered.value !== '') return remembered.value
  return navigator.language.toLowerCase().startsWith('en') ? 'en-US' : 'zh-CN'
}

export const i18n = createI18n({
  legacy: false,
  locale: wished(),
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN, 'en-US': enUS },
})

export function setLocale(locale: Locale): void {
  remembered.value = locale
  i18n.global.locale.value = locale
}

/** Of two labels that the server sends, the one in the language of the desk. */
export function said(labels: { zh: string; en: string } | { name_zh: string; name_en: string }): string {
  const isChinese = i18n.global.locale.value === 'zh-CN'
  if ('zh' in labels) return isChinese ? labels.zh : labels.en || labels.zh
  return isChinese ? labels.name_zh : labels.name_en || labels.name_zh
}

/** Words one after the other, as the language writes a list. */
export function listed(words: readonly string[]): string {
  return words.join(i18n.global.locale.value === 'zh-CN' ? '、' : ', ')
}
