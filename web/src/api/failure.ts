/** What can go wrong when we ask Anmi: it refused and said why, or it did not answer. */

export type FieldFault = { path: string; message: string }

/** A refusal in the words of the server: `{code, message, facts}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(message)
  }

  /** Faults of single fields, by the last word of their path. */
  get fields(): Record<string, string> {
    const faults = this.facts.fields
    if (!Array.isArray(faults)) return {}
    return Object.fromEntries(
      (faults as FieldFault[]).map((fault) => [String(fault.path).split('.').at(-1) ?? '', fault.message]),
    )
  }

  get isStale(): boolean {
    return this.code === 'STALE_VERSION'
  }
}

/** The server did not answer at all: no network, or Anmi is starting again. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

export async function refusalOf(response: Response): Promise<Refusal> {
  const body: unknown = await response.json().catch(() => null)
  if (body !== null && typeof body === 'object' && 'code' in body && 'message' in body) {
    const facts = 'facts' in body && body.facts !== null ? (body.facts as Record<string, unknown>) : {}
    const wait = response.headers.get('Retry-After')
    return new Refusal(
      response.status,
      String(body.code),
      String(body.message),
      wait === null ? facts : { ...facts, retry_after: Number(wait) },
    )
  }
  return new Refusal(response.status, `HTTP_${response.status}`, '')
}
