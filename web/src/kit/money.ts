/** Amounts: whole fen in the API, yuan with two decimals on the screen. No fraction is ever computed. */

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** `1,234.50`; the sign, if any, stands in front. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${grouped(digits.slice(0, -2))}.${digits.slice(-2)}`
}

/** What somebody typed as fen: separators, 元 and full-width digits are understood; null when it is no amount. */
export function readYuan(typed: string): number | null {
  const plain = typed.normalize('NFKC').replace(/[,\s￥¥元]/g, '')
  const found = /^(\d{1,12})(?:\.(\d{1,2})?)?$/.exec(plain)
  if (found === null) return null
  const [, whole = '0', rest = ''] = found
  return Number(whole) * 100 + Number(rest.padEnd(2, '0'))
}
