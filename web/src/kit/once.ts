/** A key for something that must happen once, however often the button is pressed. */

// Not `crypto.randomUUID`: browsers keep that from pages that came over plain HTTP.
export function onceKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
