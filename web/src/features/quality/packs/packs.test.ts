import { describe, expect, it } from 'vitest'
import { linesOf } from './packs'

describe('lines of a text area', () => {
  it('are trimmed, and empty ones left out', () => {
    expect(linesOf(' 你小心点 \n\n等着瞧\n ')).toEqual(['你小心点', '等着瞧'])
  })
})
