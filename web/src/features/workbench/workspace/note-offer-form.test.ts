import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { reactive } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CodeTable, ResultCode } from '@/api/casework-types'
import { i18n } from '@/words'
import { useCodes } from '../../casework/cases/codes'
import { emptyDraft, type Draft } from './draft'
import NoteOffer from './NoteOffer.vue'
import type { Offer } from './note-offer'

const said = { sentence: '我下周五先还三千五', at: 12, isOurs: false, isGuessed: false }
const OFFERS: Offer[] = [
  { field: 'result', value: 'PPTP', ...said },
  { field: 'amount', value: '350000', ...said },
  { field: 'day', value: '2026-12-04', ...said },
]
const fetched = vi.fn(() => Promise.reject(new Error('nothing is asked for')))

function form(draft: Draft) {
  return mount(NoteOffer, {
    props: { modelValue: draft, callId: 'c', owing: 800_000, offers: OFFERS },
    global: { plugins: [i18n] },
  })
}

beforeEach(() => {
  setActivePinia(createPinia())
  i18n.global.locale.value = 'zh-CN'
  fetched.mockClear()
  vi.stubGlobal('fetch', fetched)
  const result = { code: 'PPTP', zh: '部分承诺', en: 'Part', levels: ['right_party'], required: [] } as unknown
  useCodes().table = { actions: [], results: [result as ResultCode] } as unknown as CodeTable
})

describe('what was heard on a call', () => {
  it('stands beside the entry with its sentence, and changes nothing by itself', () => {
    const draft = reactive(emptyDraft())
    const shown = form(draft)
    expect(shown.find('[data-test="offer-amount"]').text()).toContain('3,500.00')
    expect(shown.text()).toContain('我下周五先还三千五')
    expect(draft).toEqual(emptyDraft())
  })

  it('is taken over whole with one click, and still not saved', async () => {
    const draft = reactive(emptyDraft())
    const shown = form(draft)
    await shown.find('[data-test="offer-take-all"]').trigger('click')
    expect(draft).toMatchObject({ resultCode: 'PPTP', amountFen: 350_000, day: '2026-12-04' })
    expect(shown.find('[data-test="offer-day"]').attributes('data-standing')).toBe('taken')
    expect(fetched).not.toHaveBeenCalled()
  })

  it('never writes over what she has written herself, unless she says so', async () => {
    const draft = reactive({ ...emptyDraft(), day: '2026-12-01' })
    const shown = form(draft)
    await shown.find('[data-test="offer-take-all"]').trigger('click')
    expect([draft.day, draft.amountFen]).toEqual(['2026-12-01', 350_000])
    await shown.find('[data-test="offer-take-day"]').trigger('click')
    expect(draft.day).toBe('2026-12-04')
  })
})
