/** `npm run dev:fake`: the desk before an invented agency instead of a running Anmi. */

import type { IncomingMessage } from 'node:http'
import type { Plugin } from 'vite'
import { WebSocketServer } from 'ws'
import { answer, signIn, type Asked } from './answer'

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

export function fakeApi(): Plugin {
  if (process.env.FAKE_PERSON) signIn(process.env.FAKE_PERSON)
  return {
    name: 'anmi-fake-api',
    configureServer(server) {
      const live = new WebSocketServer({ noServer: true })
      server.httpServer?.on('upgrade', (request, socket, head) => {
        if (request.url === '/api/v1/live') live.handleUpgrade(request, socket, head, () => undefined)
      })
      server.middlewares.use('/api/v1', (request, response, next) => {
        const url = new URL(request.url ?? '/', 'http://fake')
        const path = url.pathname.slice(1)
        void bodyOf(request).then((body) => {
          // For screenshots: become somebody without a form.
          if (path === 'as') signIn(url.searchParams.get('person') ?? '', (url.searchParams.get('step') ?? 'complete') as 'complete')
          const asked: Asked = { method: request.method ?? 'GET', path, query: url.searchParams, body }
          const { status, body: said } = path === 'as' ? { status: 204, body: undefined } : answer(asked)
          response.statusCode = status
          response.setHeader('Content-Type', 'application/json')
          response.end(said === undefined ? undefined : JSON.stringify(said))
        }, next)
      })
    },
  }
}
