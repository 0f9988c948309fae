import { describe, expect, it } from 'vitest'
import { codeOfHost } from './agency'
import { wanted } from './wanted'

describe('the agency in the address', () => {
  it.each([
    ['east.anmi.example', 'east'],
    ['east.localhost', 'east'],
    ['localhost', null],
    ['anmi.example', null],
    ['www.anmi.example', null],
    ['127.0.0.1', null],
    ['10.20.3.4', null],
  ])('of %s is %s', (host, code) => {
    expect(codeOfHost(host)).toBe(code)
  })
})

describe('the way on after the login', () => {
  it.each(['/identity/people?q=a', '/'])('leads to %s', (address) => {
    expect(wanted(address)).toBe(address)
  })

  it.each([
    'https://elsewhere.example',
    '//elsewhere.example',
    '/\\elsewhere.example',
    'javascript:alert(1)',
    '/login',
    undefined,
    ['/a'],
  ])('never leads to %j', (address) => {
    expect(wanted(address)).toBe('/')
  })
})
