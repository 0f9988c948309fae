import { describe, expect, it } from 'vitest'
import { computed, ref } from 'vue'
import { blankForm, bodyOf, isReady, outcomeOf } from './bulk'
import { asked, filtersOf } from './case-filter'
import { movedOf } from './moving'
import { usePicked } from './picked'
import { unitsInOrder } from './units'
import { isSameView } from './views'

describe('the filters of the case list', () => {
  it('become what the API is asked', () => {
    expect(
      asked({ state: 'in_collection,promised', pool: 'true', owing_from: '1,234.5', dpd_to: '90', q: '6222' }),
    ).toEqual({
      q: '6222',
      state: ['in_collection', 'promised'],
      pool: true,
      owing_from: 123_450,
      dpd_to: 90,
    })
  })

  it('leave out a number that is none', () => {
    expect(asked({ owing_from: '很多', dpd_from: '-3', no_activity_days: 'x' })).toEqual({})
  })

  it('of a saved view take over only what this list knows', () => {
    expect(filtersOf({ filters: { bucket: 'M3', colour: 'red', state: 7 } })).toEqual({ bucket: 'M3' })
    expect(filtersOf({ filters: null })).toEqual({})
  })
})

describe('a saved view', () => {
  const view = { filters: { bucket: 'M3', state: 'promised' }, columns: ['name', 'owing'], sort: '-owing' }

  it('is the one on the screen, in whatever order its parts come', () => {
    expect(
      isSameView(view, { sort: '-owing', columns: ['owing', 'name'], filters: { state: 'promised', bucket: 'M3' } }),
    ).toBe(true)
  })

  it('is another one when a filter, a column or the order differs', () => {
    expect(isSameView(view, { ...view, filters: { bucket: 'M3' } })).toBe(false)
    expect(isSameView(view, { ...view, columns: ['name'] })).toBe(false)
    expect(isSameView(view, { ...view, sort: 'owing' })).toBe(false)
  })
})

describe('picked lines', () => {
  const lines = ref([
    { id: 'a', owing_fen: 100 },
    { id: 'b', owing_fen: 23 },
  ])
  const whole = ref({ count: 500, owing_fen: 99_999 })
  const fresh = () =>
    usePicked(
      lines,
      computed(() => whole.value),
    )

  it('are counted and added up to the fen', () => {
    const picked = fresh()
    picked.pick('a', true)
    expect([picked.count.value, picked.owing.value, picked.hasMore.value]).toEqual([1, 100, false])
    picked.pickShown()
    expect([picked.count.value, picked.owing.value, picked.hasMore.value]).toEqual([2, 123, true])
  })

  it('can be everything the filter means, until one line is taken out', () => {
    const picked = fresh()
    picked.pickShown()
    picked.isEverything.value = true
    expect([picked.count.value, picked.owing.value, picked.has('z')]).toEqual([500, 99_999, true])
    picked.pick('a', false)
    expect([picked.count.value, picked.has('a'), picked.has('b'), picked.has('z')]).toEqual([1, false, true, false])
  })
})

describe('many cases at once', () => {
  it('want a reason before they are given back', () => {
    expect(isReady('return', blankForm())).toBe(false)
    expect(isReady('return', { ...blankForm(), reason: '委托方要求' })).toBe(true)
  })

  it('are meant by their ids or by a filter', () => {
    const form = { ...blankForm(), reason: '法务评估', until: '2026-12-31' }
    expect(bodyOf('legal', form, { case_ids: ['a'] })).toEqual({ case_ids: ['a'], action: 'legal', reason: '法务评估' })
    expect(bodyOf('retain', form, { filter: { bucket: ['M3'] } })).toEqual({
      filter: { bucket: ['M3'] },
      action: 'retain',
      until: '2026-12-31',
      reason: '法务评估',
    })
  })

  it('that were refused for one reason are counted together', () => {
    const refused = { done: false, code: 'CASE_ON_HOLD', zh: '案件停催中', en: 'The case is on hold' }
    const answer = {
      done: 1,
      refused: 2,
      items: [
        { id: 'a', done: true },
        { id: 'b', ...refused },
        { id: 'c', ...refused },
      ],
    }
    expect(outcomeOf(answer as never).why).toEqual([
      { count: 2, ids: ['b', 'c'], zh: '案件停催中', en: 'The case is on hold' },
    ])
  })

  it('that were moved say what kept the others', () => {
    expect(movedOf({ outcomes: { done: 3, moved_meanwhile: 1 }, obstacles: { training_lapsed: 2 } }, 6)).toEqual({
      done: 3,
      refused: 3,
      reasons: [
        { code: 'training_lapsed', count: 2 },
        { code: 'moved_meanwhile', count: 1 },
      ],
    })
  })
})

describe('units', () => {
  it('stand below the one they belong to, however they come', () => {
    const nodes = [
      { id: '3', parent_id: '2', name: '一组' },
      { id: '1', parent_id: null, name: '总部' },
      { id: '2', parent_id: '1', name: '一部' },
    ]
    expect(unitsInOrder(nodes).map(({ name, depth }) => [name, depth])).toEqual([
      ['总部', 0],
      ['一部', 1],
      ['一组', 2],
    ])
  })

  it('whose parent is out of sight stand on top', () => {
    expect(unitsInOrder([{ id: '2', parent_id: '1', name: '一部' }])).toEqual([{ id: '2', name: '一部', depth: 0 }])
  })
})
