import { describe, expect, it } from 'vitest'
import { moved } from './order'
import { addressOf } from './query'
import { isSheetFile, sizeText } from './sheet-file'

describe('a list whose order means something', () => {
  it('has one line moved and loses none', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  })

  it('stays as it is at its ends', () => {
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
  })
})

describe('the address of a file', () => {
  it('says several values beside each other, and nothing that was not chosen', () => {
    expect(addressOf('cases/export', { state: ['promised', 'legal'], pool: true, q: undefined })).toBe(
      'cases/export?state=promised&state=legal&pool=true',
    )
    expect(addressOf('cases/export', {})).toBe('cases/export')
  })
})

describe('a sheet', () => {
  it.each([
    ['委案.XLSX', true],
    ['委案.csv', true],
    ['委案.xlsx.exe', false],
    ['委案', false],
  ])('%s is read: %s', (name, isRead) => {
    expect(isSheetFile(name)).toBe(isRead)
  })

  it('says how large it is', () => {
    expect([sizeText(10), sizeText(300_000), sizeText(5_400_000)]).toEqual(['1 KB', '293 KB', '5.1 MB'])
  })
})
