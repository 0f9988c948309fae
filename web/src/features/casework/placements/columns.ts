/** Columns of the sheets and which header of a file stands for each. */

import type { Sheet } from './imports'

type Vocabulary = { mandatory: readonly string[]; optional: readonly string[] }

const CASE_NO = '个案序列号'
const SOURCE = '联系方式来源'
/** As `anmi.core.placement_sheet` names them. A batch's later sheets name their cases by number, and by day if need be. */
const VOCABULARIES: Record<Sheet, Vocabulary> = {
  cases: {
    mandatory: [CASE_NO, '委案日期', '委案金额', '姓名', '证件号', '本人手机', SOURCE],
    optional: ['证件类型', '币种'],
  },
  phones: { mandatory: [CASE_NO, '电话', SOURCE], optional: ['委案日期', '姓名', '关系', '类型'] },
  addresses: { mandatory: [CASE_NO, '地址', SOURCE], optional: ['委案日期', '类型'] },
  payments: {
    mandatory: [CASE_NO, '还款金额', '还款日期'],
    optional: ['委案日期', '还款人', '还款方式', '流水号', '备注'],
  },
  balances: { mandatory: [CASE_NO, '最新欠款金额'], optional: ['委案日期', '本金', '利息', '违约金', '费用'] },
  recalls: { mandatory: [CASE_NO], optional: ['委案日期', '备注'] },
  concessions: { mandatory: [CASE_NO, '批复还款金额', '有效期'], optional: ['委案日期', '减免结果', '备注'] },
}

export const columnsOf = (sheet: Sheet): string[] => [...VOCABULARIES[sheet].mandatory, ...VOCABULARIES[sheet].optional]
export const isMandatory = (sheet: Sheet, column: string): boolean => VOCABULARIES[sheet].mandatory.includes(column)
/** Sheets of contact details: each has to come in a lawful way. */
export const asksSource = (sheet: Sheet): boolean => VOCABULARIES[sheet].mandatory.includes(SOURCE)

/** Columns that must be there and are not; a source declared for the whole file stands for the column. */
export const lackingOf = (sheet: Sheet, mapping: Record<string, string>, hasSource: boolean): string[] =>
  VOCABULARIES[sheet].mandatory.filter((column) => mapping[column] === undefined && !(column === SOURCE && hasSource))

export const targetOf = (mapping: Record<string, string>, header: string): string | undefined =>
  Object.entries(mapping).find(([, mapped]) => mapped === header)?.[0]

/** The mapping after a header was given another column, or none. */
export function moved(mapping: Record<string, string>, header: string, column: string): Record<string, string> {
  const rest = Object.entries(mapping).filter(([known, mapped]) => mapped !== header && known !== column)
  return Object.fromEntries(column === '' ? rest : [...rest, [column, header]])
}
