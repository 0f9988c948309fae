import { describe, expect, it } from 'vitest'
import { changesOf, factsOf, valueText } from './audit'

describe('an entry of the log', () => {
  const facts = {
    before: { name: '一组', kind: 'team' },
    after: { name: '二组', kind: 'team', note: 'x' },
    reason: '调整',
  }

  it('shows what changed first', () => {
    expect(changesOf(facts)).toEqual([
      { field: 'name', before: '一组', after: '二组', isDifferent: true },
      { field: 'note', before: '—', after: 'x', isDifferent: true },
      { field: 'kind', before: 'team', after: 'team', isDifferent: false },
    ])
  })

  it('shows lists of before and after, too', () => {
    expect(changesOf({ before: ['collector/own'], after: ['collector/own', 'supervisor/team'] })).toEqual([
      { field: '', before: 'collector/own', after: 'collector/own、supervisor/team', isDifferent: true },
    ])
  })

  it('tells everything else as facts', () => {
    expect(factsOf(facts)).toEqual([{ label: 'reason', value: '调整' }])
  })

  it.each([
    [null, '—'],
    ['', '—'],
    [0, '0'],
    [false, 'false'],
    [['a', 'b'], 'a、b'],
    [{ a: 1 }, '{\n "a": 1\n}'],
  ])('writes %j as %j', (value, text) => {
    expect(valueText(value)).toBe(text)
  })
})
