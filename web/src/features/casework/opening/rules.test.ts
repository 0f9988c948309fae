import { describe, expect, it } from 'vitest'
import { i18n } from '@/words'
import { blankRule, draftOf, faultsOf, ruleOf, sentenceOf, type OpeningRule } from './rules'

const t = i18n.global.t as never
const rule = (more: Partial<OpeningRule>): OpeningRule => ({
  code: 'a',
  zh: '规则',
  en: 'Rule',
  when: {},
  stage: null,
  priority: 10,
  ...more,
})

describe('a rule', () => {
  it.each<[Partial<OpeningRule>, string]>([
    [{ when: { owing_from: 5_000_000 }, priority: 20 }, '欠款不低于 50,000.00 元：优先级加 20'],
    [{ when: { reach: ['dead'] }, priority: -40 }, '失联：优先级减 40'],
    [
      { when: { is_special: true, dpd_to: 30 }, priority: 0, stage: '谨慎' },
      '逾期至多 30 天、特殊人群：首个阶段为“谨慎”',
    ],
    [{ when: {}, stage: '早期', priority: 5 }, '全部案件：首个阶段为“早期”、优先级加 5'],
  ])('reads as a sentence', (more, sentence) => {
    i18n.global.locale.value = 'zh-CN'
    expect(sentenceOf(rule(more), t)).toBe(sentence)
  })

  it('comes back from its form as it was', () => {
    const kept = rule({ when: { reach: ['reachable'], buckets: ['M1', 'M2'], owing_to: 50_000, is_linked: false } })
    expect(ruleOf(draftOf(kept))).toEqual(kept)
  })

  it('that is named in one language has that name in both', () => {
    expect(ruleOf({ ...draftOf(rule({})), zh: '大额', en: ' ' })).toMatchObject({ zh: '大额', en: '大额' })
  })

  it('that is new takes a code nobody has', () => {
    expect(blankRule([rule({ code: 'x' }), rule({ code: 'rule_3' })]).code).toBe('rule_4')
  })
})

describe('a draft', () => {
  const draft = draftOf(rule({}))

  it.each([
    [{ zh: '', en: '' }, ['name']],
    [{ owing_from: 100, owing_to: 100 }, ['owing']],
    [{ dpd_from: 31, dpd_to: 30 }, ['dpd']],
    [{ dpd_from: 30, dpd_to: 30 }, []],
    [{ priority: 0 }, ['effect']],
    [{ priority: 0, stage: '早期' }, []],
  ])('%j is wrong in %j', (more, faults) => {
    expect(faultsOf({ ...draft, ...more })).toEqual(faults)
  })
})
