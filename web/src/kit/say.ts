/** Short sentences that pass by, and questions that wait for an answer. */

import { ElMessage, ElMessageBox } from 'element-plus'
import { useI18n } from 'vue-i18n'
import { asFailing, sentence } from './failure'

export type Question = { title: string; text: string; confirm: string; isDangerous?: boolean }

export function useSay() {
  const { t } = useI18n()

  function done(text: string): void {
    ElMessage({ type: 'success', message: text, duration: 2500, grouping: true })
  }

  function failed(thrown: unknown): void {
    ElMessage({
      type: 'error',
      message: sentence(asFailing(thrown), t),
      duration: 6000,
      showClose: true,
      grouping: true,
    })
  }

  /** Yes or no; closing the question is a no. */
  async function asked(question: Question): Promise<boolean> {
    try {
      await ElMessageBox.confirm(question.text, question.title, {
        confirmButtonText: question.confirm,
        cancelButtonText: t('kit.cancel'),
        confirmButtonClass: question.isDangerous ? 'el-button--danger' : '',
        closeOnClickModal: false,
        customClass: 'question',
      })
      return true
    } catch {
      return false
    }
  }

  /** Do it; say that it is done, or why not. True when it is done. */
  async function tried(act: () => Promise<unknown>, praise: string): Promise<boolean> {
    try {
      await act()
    } catch (thrown) {
      failed(thrown)
      return false
    }
    done(praise)
    return true
  }

  return { done, failed, asked, tried }
}
