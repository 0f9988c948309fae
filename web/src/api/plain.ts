/** Requests by address alone, for rooms that name their bodies themselves. */

import { api, ask } from './client'

type Query = Record<string, unknown>
type Plain = (
  path: string,
  init: { params?: { query?: Query }; body?: unknown; headers?: Record<string, string> },
) => Promise<{ data?: unknown; response: Response }>
const plain = api as unknown as Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Plain>

const ROOT = '/api/v1/'

export const get = <Answer>(path: string, query: Query = {}): Promise<Answer> =>
  ask(plain.GET(ROOT + path, { params: { query } })) as Promise<Answer>

/** `onceKey` lets a request that is sent twice be carried out once. */
export const post = <Answer>(path: string, body: unknown = {}, onceKey?: string): Promise<Answer> =>
  ask(
    plain.POST(ROOT + path, { body, ...(onceKey === undefined ? {} : { headers: { 'Idempotency-Key': onceKey } }) }),
  ) as Promise<Answer>

export const put = <Answer>(path: string, body: unknown, query: Query = {}): Promise<Answer> =>
  ask(plain.PUT(ROOT + path, { body, params: { query } })) as Promise<Answer>

export const patch = <Answer>(path: string, body: unknown): Promise<Answer> =>
  ask(plain.PATCH(ROOT + path, { body })) as Promise<Answer>

export const remove = (path: string): Promise<unknown> => ask(plain.DELETE(ROOT + path, {}))
