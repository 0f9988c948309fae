/** The one way to Anmi: every request carries our language and the proof that it is ours. */

import createClient, { type Middleware } from 'openapi-fetch'
import { refusalOf, Unreachable, type Refusal } from './failure'
import { isAway } from './presence'
import type { paths } from './schema'

type Manner = { locale: string; csrfToken: string | null; onSignedOut: (refusal: Refusal) => void }

/** What every request needs to know; the session store keeps it up to date. */
export const manner: Manner = { locale: 'zh-CN', csrfToken: null, onSignedOut: () => undefined }

const SIGNED_OUT = new Set(['NOT_SIGNED_IN', 'SESSION_ENDED', 'SESSION_EXPIRED'])

const speak: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', manner.locale)
    if (request.method !== 'GET' && manner.csrfToken !== null) {
      request.headers.set('X-CSRF-Token', manner.csrfToken)
    }
    if (isAway()) request.headers.set('X-Anmi-Background', '1')
    return request
  },
  async onResponse({ response }) {
    if (response.ok) return
    const refusal = await refusalOf(response)
    if (SIGNED_OUT.has(refusal.code)) manner.onSignedOut(refusal)
    throw refusal
  },
  onError({ error }) {
    return new Unreachable(error instanceof Error ? error.message : String(error))
  },
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  // Looked up at each call, so that a test may hand in its own server.
  fetch: (request) => globalThis.fetch(request),
})
api.use(speak)

/** The answer's body; refusals and silence are thrown as `Refusal` and `Unreachable`. */
export async function ask<Answer>(asked: Promise<{ data?: Answer; response: Response }>): Promise<Answer> {
  const { data } = await asked
  return data as Answer
}
