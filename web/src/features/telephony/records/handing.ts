/** A signed address, handed to the browser's own downloads. */

export function handOver(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
