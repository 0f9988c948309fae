/** One click to ringing: find the number, ask the gate, say what it answered. */

import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Decision, Phone, Purpose } from '@/api/casework-types'
import { useSay } from '@/kit/say'
import { instantText } from '@/kit/time'
import { said } from '@/words'
import { useCall } from './call'
import { useCases } from './case-store'
import { callGate, firstToCall } from './gate'
import { useDrafts } from './drafts'
import { useTabs } from './tabs'

const busy = ref(false)

export function useRinging() {
  const { t } = useI18n()
  const say = useSay()
  const calls = useCall()
  const cases = useCases()
  const drafts = useDrafts()
  const tabs = useTabs()

  function refused(decision: Decision): void {
    const why = said({ zh: decision.reason_zh ?? '', en: decision.reason_en ?? '' })
    const when = decision.until === null ? '' : t('workspace.allowedFrom', { at: instantText(decision.until) })
    ElMessage({
      type: 'warning',
      message: `${t('workspace.refused')} ${why} ${when}`,
      duration: 7000,
      showClose: true,
      customClass: 'gate-refusal',
    })
  }

  async function ring(caseId: string, phone: Phone, purpose?: Purpose): Promise<void> {
    if (busy.value) return
    if (calls.call !== null) {
      // An attempt that was reserved wants its outcome before the next one.
      tabs.show(calls.call.caseId)
      ElMessage({ type: 'warning', message: t('workspace.writeFirst') })
      return
    }
    busy.value = true
    try {
      const gate = callGate(cases.of(caseId).gate, phone.id)
      const decision = await calls.ring(caseId, phone, purpose ?? gate?.purpose ?? 'collect')
      if (decision.allowed) Object.assign(drafts.of(caseId), { phoneId: phone.id, actionCode: 'OB' })
      else refused(decision)
    } catch (thrown) {
      say.failed(thrown)
    } finally {
      busy.value = false
    }
    void cases.refresh(caseId)
  }

  async function ringCase(caseId: string): Promise<void> {
    await cases.load(caseId)
    const { full, gate } = cases.of(caseId)
    if (full === null) return
    const phone = firstToCall(full.phones, gate)
    if (phone === null) ElMessage({ type: 'warning', message: t('workspace.noPhones') })
    else await ring(caseId, phone)
  }

  return { busy, ring, ringCase }
}
