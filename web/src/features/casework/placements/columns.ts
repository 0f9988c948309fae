/** Columns of a case sheet and which header of a file stands for each. */

/** As `anmi.core.placement_sheet` names them; the first seven must be there. */
export const COLUMNS: readonly string[] = [
  '个案序列号',
  '委案日期',
  '委案金额',
  '姓名',
  '证件号',
  '本人手机',
  '联系方式来源',
  '证件类型',
  '币种',
]
const MANDATORY = 7

export const isMandatory = (column: string): boolean =>
  COLUMNS.indexOf(column) >= 0 && COLUMNS.indexOf(column) < MANDATORY

export const targetOf = (mapping: Record<string, string>, header: string): string | undefined =>
  Object.entries(mapping).find(([, mapped]) => mapped === header)?.[0]

/** The mapping after a header was given another column, or none. */
export function moved(mapping: Record<string, string>, header: string, column: string): Record<string, string> {
  const rest = Object.entries(mapping).filter(([known, mapped]) => mapped !== header && known !== column)
  return Object.fromEntries(column === '' ? rest : [...rest, [column, header]])
}
