/** Where to go after the login. Only addresses of our own: a link must not lead away from Anmi. */
export function wanted(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}
