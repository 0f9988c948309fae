/** Every word has its two languages, and every code the API speaks has a word. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LEAVINGS } from '../src/api/session'
import { GROUPS, rooms, roomWord } from '../src/app/rooms'
import { LAST_HOURS } from '../src/features/identity/audit/audit'
import enUS from '../src/words/en-US'
import zhCN from '../src/words/zh-CN'
import codes from '../src/api/codes.json'
import document from '../openapi.json'

type Tree = { [key: string]: string | Tree }

function leaves(tree: Tree, above = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(above + key, value)
    else for (const [path, text] of leaves(value, `${above}${key}.`)) found.set(path, text)
  }
  return found
}

const chinese = leaves(zhCN)
const english = leaves(enUS)
const SRC = resolve(__dirname, '../src')
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.startsWith('words/') && !path.startsWith('api/schema'))
  .map((path) => readFileSync(join(SRC, path), 'utf8'))
  .join('\n')

const schemas = document.components.schemas as Record<string, { enum?: string[] }>
const codesOf = (schema: string): string[] => schemas[schema]?.enum ?? []

describe('the two languages', () => {
  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  })

  it('fill the same gaps', () => {
    const gaps = (text = ''): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()
    const differing = [...chinese.keys()].filter(
      (key) => gaps(chinese.get(key)).join() !== gaps(english.get(key)).join(),
    )
    expect(differing).toEqual([])
  })

  it('leave nothing untranslated', () => {
    expect([...english].filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([])
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([])
  })
})

describe('words that pages ask for', () => {
  const asked = [...sources.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(([, key = '']) => key)

  it('exist', () => {
    expect(asked.length).toBeGreaterThan(150)
    expect([...new Set(asked)].filter((key) => !chinese.has(key))).toEqual([])
  })

  it('are the words we keep', () => {
    const stems = [...sources.matchAll(/`([\w.-]+\.)\$\{/g)].map(([, stem = '']) => stem)
    const quoted = new Set([...sources.matchAll(/'([\w.-]+)(?=')/g)].map(([, word = '']) => word))
    const isUsed = (key: string): boolean =>
      quoted.has(key) || stems.some((stem) => key.startsWith(stem)) || key.startsWith('room.')
    expect([...chinese.keys()].filter((key) => !isUsed(key))).toEqual([])
  })
})

describe('codes of the API', () => {
  const labelled: [string, readonly string[], (code: string) => string][] = [
    ['states of accounts', codesOf('AccountState'), (code) => `people.state.${code}`],
    ['kinds of units', codesOf('UnitKind'), (code) => `units.kind.${code}`],
    ['scopes', codesOf('Scope'), (code) => `scope.${code}`],
    ['states of agencies', codesOf('TenantState'), (code) => `tenants.states.${code}`],
    ['reasons why a session ended', codes.end_reasons, (code) => `login.left.${code}`],
    ['those who act', codes.caller_kinds, (code) => `audit.actors.${code}`],
    ['outcomes', codesOf('Outcome'), (code) => `audit.outcomes.${code}`],
    ['menus', GROUPS, (code) => `shell.group.${code}`],
    ['time ranges', Object.keys(LAST_HOURS), (code) => `audit.last.${code}`],
  ]

  it.each(labelled)('%s have words', (_what, known, wordOf) => {
    expect(known.length).toBeGreaterThan(1)
    expect(known.filter((code) => !chinese.has(wordOf(code)))).toEqual([])
  })

  it('include every reason for leaving that the desk can say', () => {
    expect([...LEAVINGS].sort()).toEqual(codes.end_reasons)
  })

  it.each(['LOCKED_OUT', 'STALE_VERSION', 'NOT_SIGNED_IN', 'SESSION_ENDED', 'SESSION_EXPIRED'])(
    'still include %s, which the desk treats specially',
    (code) => {
      expect(codes.refusals).toContain(code)
    },
  )
})

describe('rooms', () => {
  it.each(rooms.map((room) => [room.name, room] as const))(
    '%s have a name, a sentence and known permissions',
    (_name, room) => {
      expect(chinese.has(roomWord(room, 'name'))).toBe(true)
      expect(chinese.has(roomWord(room, 'about'))).toBe(true)
      expect(codesOf('Permission')).toEqual(expect.arrayContaining([...room.permissions]))
    },
  )

  it('have keys of their own', () => {
    const keys = rooms.flatMap((room) => (room.keys === undefined ? [] : [room.keys]))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
