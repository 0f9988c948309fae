/** Spreadsheets as they are chosen: kinds that are read, and how large one is. */

export const FILE_KINDS = '.xlsx,.xls,.csv'

export const isSheetFile = (name: string): boolean => /\.(xlsx|xls|csv)$/i.test(name)

export function sizeText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
