/** One click to ringing: find the number, ask the gate, say what it answered. */

import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Decision, Phone, Purpose } from '@/api/casework-types'
import { useSay } from '@/kit/say'
import { instantText } from '@/kit/time'
import { said } from '@/words'
import { usePhone } from '../../telephony/phone/phone'
import { useCall } from './call'
import { useCases } from './case-store'
import { callGate, firstToCall } from './gate'
import { useDrafts } from './drafts'
import { useTabs } from './tabs'

const busy = ref(false)

type Refused = Pick<Decision, 'reason_zh' | 'reason_en' | 'until'>

export function useRinging() {
  const { t } = useI18n()
  const say = useSay()
  const calls = useCall()
  const phones = usePhone()
  const cases = useCases()
  const drafts = useDrafts()
  const tabs = useTabs()

  function warn(message: string, stays = 4000): void {
    ElMessage({ type: 'warning', message, duration: stays, showClose: true, customClass: 'gate-refusal' })
  }

  function refused(decision: Refused): void {
    const why = said({ zh: decision.reason_zh ?? '', en: decision.reason_en ?? '' })
    const when = decision.until === null ? '' : t('workspace.allowedFrom', { at: instantText(decision.until) })
    warn(`${t('workspace.refused')} ${why} ${when}`, 7000)
  }

  /** What keeps her from calling now, said at once. */
  function isHindered(): boolean {
    if (calls.call !== null) {
      // A call wants its entry before the next one.
      tabs.show(calls.call.caseId)
      warn(t(calls.isTalking ? 'workspace.stillTalking' : 'workspace.writeFirst'))
      return true
    }
    if (phones.agent !== null && !phones.isHere) {
      warn(t('workspace.phoneAway'))
      return true
    }
    return false
  }

  async function ring(caseId: string, phone: Phone, purpose?: Purpose): Promise<void> {
    if (busy.value || isHindered()) return
    busy.value = true
    try {
      const why = purpose ?? callGate(cases.of(caseId).gate, phone.id)?.purpose ?? 'collect'
      const decision = await (phones.agent === null
        ? calls.ringByHand(caseId, phone, why)
        : calls.ringByPhone(caseId, phone, why))
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
    if (phone === null) warn(t('workspace.noPhones'))
    else await ring(caseId, phone)
  }

  return { busy, ring, ringCase }
}
