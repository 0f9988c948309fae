import { describe, expect, it } from 'vitest'
import { asksSource, columnsOf, lackingOf, moved } from './columns'
import { progressOf, stageOf, type Import } from './imports'
import { liquidation } from './placements'

describe('columns of a sheet', () => {
  it('that must be there are named, and a declared source stands for its column', () => {
    const mapping = { 个案序列号: '编号', 电话: '手机' }
    expect(lackingOf('phones', mapping, false)).toEqual(['联系方式来源'])
    expect(lackingOf('phones', mapping, true)).toEqual([])
  })

  it('are each header for one column and each column for one header', () => {
    const mapping = { 姓名: '客户', 本人手机: '手机' }
    expect(moved(mapping, '电话1', '本人手机')).toEqual({ 姓名: '客户', 本人手机: '电话1' })
    expect(moved(mapping, '客户', '')).toEqual({ 本人手机: '手机' })
  })

  it.each(['cases', 'phones', 'addresses', 'payments', 'balances', 'recalls', 'concessions'] as const)(
    'of %s begin with the number of the case',
    (sheet) => {
      expect(columnsOf(sheet)[0]).toBe('个案序列号')
      expect(asksSource(sheet)).toBe(['cases', 'phones', 'addresses'].includes(sheet))
    },
  )
})

describe('a file on its way', () => {
  it.each([
    ['uploaded', 'check'],
    ['checked', 'review'],
    ['refused', 'review'],
    ['committing', 'commit'],
    ['failed', 'commit'],
    ['committed', 'done'],
  ] as const)('that is %s stands at %s', (state, stage) => {
    expect(stageOf({ state } as Import)).toBe(stage)
  })

  it('tells how far it is as soon as anybody knows', () => {
    expect(progressOf({ rows_done: 40, rows_total: null })).toBeNull()
    expect(progressOf({ rows_done: 199, rows_total: 200 })).toBe(99)
  })
})

describe('what came back of a batch', () => {
  it('is cut and not rounded up', () => {
    expect(liquidation({ paid_fen: 19_999, placed_fen: 100_000 })).toBe(19.9)
    expect(liquidation({ paid_fen: 0, placed_fen: 0 })).toBe(0)
  })
})
