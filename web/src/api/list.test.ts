import { describe, expect, it } from 'vitest'
import { Refusal } from './failure'
import { useList } from './list'
import type { Page, Paging } from './types'

const pageOf = ({ after }: Paging): Page<string> =>
  after === undefined ? { items: ['a', 'b'], next: '2', total: 3 } : { items: ['c'], next: null, total: 3 }

describe('a long list', () => {
  it('grows page by page', async () => {
    const list = useList<string>(async (paging) => pageOf(paging))
    await list.restart()
    expect([list.items.value, list.hasMore.value, list.total.value]).toEqual([['a', 'b'], true, 3])
    await list.more()
    expect([list.items.value, list.hasMore.value]).toEqual([['a', 'b', 'c'], false])
  })

  it('never shows a slow answer to an older question', async () => {
    const answers: ((page: Page<string>) => void)[] = []
    const list = useList<string>(() => new Promise((resolve) => answers.push(resolve)))
    const older = list.restart()
    const newer = list.restart()
    answers[1]?.({ items: ['new'] })
    await newer
    answers[0]?.({ items: ['old'] })
    await older
    expect(list.items.value).toEqual(['new'])
  })

  it('keeps what it shows when a refresh fails, and says why', async () => {
    let isBroken = false
    const list = useList<string>(async (paging) => {
      if (isBroken) throw new Refusal(503, 'UNAVAILABLE', '')
      return pageOf(paging)
    })
    await list.restart()
    isBroken = true
    await list.refresh()
    expect(list.items.value).toEqual(['a', 'b'])
    expect(list.failure.value).toBeInstanceOf(Refusal)
  })
})
