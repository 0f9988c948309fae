/** Who may import whom in the desk, and what must not stand in its files. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(__dirname, '../src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.test.ts') && path !== 'api/schema.ts')
  .map((path) => ({ path, text: readFileSync(join(SRC, path), 'utf8') }))

type Place = { floor: string; wing?: string | undefined }

function placeOf(path: string): Place {
  const [floor = '', wing] = path.split('/')
  return floor === 'features' ? { floor, wing } : { floor }
}

function importsOf({ path, text }: (typeof files)[number]): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(@\/[^']+|\.{1,2}\/[^']+)'/g)
  return [...found].map(([, target = '']) =>
    target.startsWith('@/') ? target.slice(2) : relative(SRC, resolve(SRC, dirname(path), target)),
  )
}

const BELOW: Record<string, readonly string[]> = {
  app: ['app', 'features', 'softphone', 'kit', 'api', 'live', 'words', '..'],
  features: ['features', 'softphone', 'kit', 'api', 'live', 'words'],
  softphone: ['softphone'],
  live: ['live', 'api'],
  api: ['api'],
  kit: ['kit'],
  words: ['words'],
}

const edges = files.flatMap((file) => importsOf(file).map((target) => ({ from: file.path, to: target })))

describe('imports', () => {
  it('were found at all', () => {
    expect(edges.length).toBeGreaterThan(100)
  })

  it('run downstairs', () => {
    const upstairs = edges.filter(({ from, to }) => !(BELOW[placeOf(from).floor] ?? []).includes(placeOf(to).floor))
    expect(upstairs).toEqual([])
  })

  it('leave no wing for another, except the workbench, and quality, which stands above them', () => {
    const strangers = edges.filter(({ from, to }) => {
      const [here, there] = [placeOf(from), placeOf(to)]
      return (
        here.wing !== undefined &&
        there.wing !== undefined &&
        here.wing !== there.wing &&
        !['workbench', 'quality'].includes(here.wing)
      )
    })
    expect(strangers).toEqual([])
  })
})

describe('files', () => {
  it('stay under four hundred lines', () => {
    const long = files.filter(({ path, text }) => !path.startsWith('words/') && text.split('\n').length > 400)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('put no raw HTML into a page', () => {
    expect(files.filter(({ text }) => /v-html|innerHTML/.test(text)).map(({ path }) => path)).toEqual([])
  })
})

describe('the lock file', () => {
  it('names no address', () => {
    const lock = readFileSync(resolve(__dirname, '../package-lock.json'), 'utf8')
    expect(lock).not.toMatch(/:\/\//)
    expect(lock).not.toContain('"resolved"')
  })
})
