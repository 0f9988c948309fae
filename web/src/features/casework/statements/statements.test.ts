import { describe, expect, it } from 'vitest'
import { figuresOf, gapOf, isOpen, type Statement, type StatementLine } from './statements'

const sums = { total_fen: 71_000, waiting_fen: 0, matched_fen: 60_000, left_fen: 11_000, set_aside_fen: 0 }

describe('a statement', () => {
  it('agrees when its parts make up the whole', () => {
    expect(gapOf(sums)).toBe(0)
  })

  it('says by how much it does not', () => {
    expect(gapOf({ ...sums, left_fen: 10_999 })).toBe(1)
  })

  it('warns of lines that are left, and speaks of waiting ones only while there are some', () => {
    const one = { ...sums, lines_count: 5, waiting: 0, matched: 3, left: 2, set_aside: 0 } as Statement
    const figures = figuresOf(one, (key) => key)
    expect(figures.map(({ key }) => key)).toEqual(['total', 'matched', 'left', 'set_aside'])
    expect(figures.find(({ key }) => key === 'left')?.isTrouble).toBe(true)
    expect(figuresOf({ ...one, waiting: 1 }, (key) => key).at(-1)?.key).toBe('waiting')
  })
})

describe('a line', () => {
  it.each([
    ['proposed', true],
    ['unmatched', true],
    ['set_aside', true],
    ['matched', false],
    ['waiting', false],
  ] as const)('that is %s: may it be matched by hand? %s', (state, may) => {
    expect(isOpen({ state } as StatementLine)).toBe(may)
  })
})
