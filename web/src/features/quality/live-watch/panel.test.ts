import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { i18n } from '@/words'
import type { LiveCall } from './live-watch'
import LiveWatchPanel from './LiveWatchPanel.vue'

const told = (more: Partial<LiveCall> = {}): LiveCall => ({
  call_id: 'c',
  is_heard: true,
  why_not: null,
  lines: [],
  so_far: [],
  checklist: [],
  warnings: [],
  signals: [],
  ...more,
})
const asked: string[] = []

/** The house as the panel sees it: what stands of the call, and what it answers to help. */
function house(answers: LiveCall[]): void {
  asked.length = 0
  vi.stubGlobal('fetch', (request: Request) => {
    const { pathname, search } = new URL(request.url)
    asked.push(`${request.method} ${pathname}${search}`)
    const body = pathname.endsWith('/codes') ? [] : answers.length > 1 ? answers.shift() : answers[0]
    return Promise.resolve(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }))
  })
}
const panel = async (props: object = {}) => {
  const shown = mount(LiveWatchPanel, { props: { callId: 'c', ...props }, global: { plugins: [i18n] } })
  await flushPromises()
  return shown
}

beforeEach(() => {
  setActivePinia(createPinia())
  i18n.global.locale.value = 'zh-CN'
})

describe('the live text of a call', () => {
  it('shows both voices, and what is still being said apart from what was said', async () => {
    const line = { end: 2, text: '您好', is_masked: false }
    house([
      told({
        lines: [
          { ...line, number: 1, track: 'agent', start: 1 },
          { ...line, number: 2, track: 'debtor', start: 0, text: '喂' },
        ],
        so_far: [{ track: 'debtor', start: 3, text: '我下周' }],
      }),
    ])
    const shown = await panel()
    const lines = shown.findAll('[data-test="live-line"]')
    expect(lines.map((one) => one.attributes('data-track'))).toEqual(['debtor', 'agent'])
    expect(shown.find('[data-test="live-so-far"]').text()).toContain('我下周')
  })

  it.each(['OFF', 'OVERLOADED', 'NOT_YET'] as const)('says why there is none: %s', async (why_not) => {
    house([told({ is_heard: false, why_not })])
    const shown = await panel()
    expect(shown.find(`[data-test="live-${why_not}"]`).exists()).toBe(true)
    expect(shown.find('[data-test="live-lines"]').exists()).toBe(false)
  })

  it('keeps what was heard readable when nobody listens any more', async () => {
    const line = { number: 1, track: 'agent' as const, start: 0, end: 1, text: '再见', is_masked: false }
    house([told({ is_heard: false, why_not: 'OFF', lines: [line] })])
    const shown = await panel({ isOver: true })
    expect(shown.text()).toContain('再见')
    expect(shown.attributes('data-standing')).toBe('over')
  })

  it('lights up the points that were said', async () => {
    house([
      told({
        checklist: [
          { code: 'P02', title: '核实本人', state: 'met', at: 4 },
          { code: 'P03', title: '录音告知', state: 'missed', at: null },
        ],
      }),
    ])
    const shown = await panel()
    expect(shown.find('[data-test="check-P02"]').attributes('data-state')).toBe('met')
    expect(shown.find('[data-test="check-P03"]').attributes('data-state')).toBe('missed')
  })

  it('tells the agent what to say instead, and a supervisor what was said', async () => {
    const warning = { code: 'V01', title: '威胁恐吓', severity: 'critical' as const, words: '让你好看', at: 3 }
    house([told({ warnings: [warning] })])
    const own = await panel()
    expect(own.find('[data-test="warning-V01"] strong').text()).toBe(i18n.global.t('quality.live.instead.V01'))
    const others = await panel({ readOnly: true })
    expect(others.find('[data-test="warning-V01"] strong').text()).toBe('威胁恐吓')
  })
})

describe('help for a debtor', () => {
  const signal = (is_given: boolean) => ({
    code: 'complaint' as const,
    title: '投诉',
    words: '我要投诉',
    at: 3,
    help: 'work_order' as const,
    is_given,
  })

  it('is given with one click, and then says that it was given', async () => {
    house([told({ signals: [signal(false)] }), told({ signals: [signal(true)] })])
    const shown = await panel()
    await shown.find('[data-test="help-work_order"]').trigger('click')
    await flushPromises()
    expect(asked).toContain('POST /api/v1/quality/live/c/help')
    expect(shown.emitted('helped')).toEqual([['work_order']])
    expect(shown.find('[data-test="help-work_order"]').exists()).toBe(false)
    expect(shown.find('[data-test="help-given"]').exists()).toBe(true)
  })

  it('is not offered to who only looks on', async () => {
    house([told({ signals: [signal(false)] })])
    const shown = await panel({ readOnly: true })
    expect(shown.find('[data-test="signal-complaint"]').exists()).toBe(true)
    expect(shown.find('[data-test="help-work_order"]').exists()).toBe(false)
  })
})
