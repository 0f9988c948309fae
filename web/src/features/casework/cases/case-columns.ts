/** Columns of the case list. */

import type { CaseLine } from '@/api/casework-types'
import type { Column } from '@/kit/table'

export function caseColumns(
  t: (key: string, named?: Record<string, unknown>) => string,
  resultText: (code: string | null) => string,
): Column<CaseLine>[] {
  const title = (key: string): string => t(`cases.column.${key}`)
  return [
    { key: 'pick', title: '', width: '36px', isHead: false },
    { key: 'name', title: title('name'), isHead: true, width: '150px' },
    { key: 'serial', title: title('serial'), width: '140px' },
    { key: 'creditor', title: title('creditor'), text: (line) => line.creditor.name },
    { key: 'product', title: title('product'), text: (line) => line.product.name, isHiddenAtFirst: true },
    { key: 'placement', title: title('placement'), text: (line) => line.placement.name, isHiddenAtFirst: true },
    { key: 'bucket', title: title('bucket'), width: '64px', text: (line) => line.bucket },
    {
      key: 'dpd',
      title: title('dpd'),
      width: '92px',
      align: 'right',
      sort: 'dpd',
      text: (line) => t('cases.days', { n: line.dpd }),
    },
    { key: 'owing', title: title('owing'), width: '136px', align: 'right', sort: 'owing' },
    { key: 'paid', title: title('paid'), width: '130px', align: 'right', isHiddenAtFirst: true },
    { key: 'state', title: title('state'), width: '120px' },
    { key: 'holder', title: title('holder'), width: '110px', text: (line) => line.holder?.name ?? t('cases.inPool') },
    {
      key: 'unit',
      title: title('unit'),
      width: '110px',
      text: (line) => line.unit?.name ?? null,
      isHiddenAtFirst: true,
    },
    { key: 'city', title: title('city'), width: '90px', text: (line) => line.city, isHiddenAtFirst: true },
    {
      key: 'result',
      title: title('result'),
      width: '120px',
      text: (line) => (line.last_result === null ? null : resultText(line.last_result)),
    },
    { key: 'activity', title: title('activity'), width: '130px', sort: 'last_activity_at' },
    { key: 'next', title: title('next'), width: '140px', sort: 'next_action_at' },
    { key: 'dueBack', title: title('dueBack'), width: '96px', align: 'right' },
    {
      key: 'priority',
      title: title('priority'),
      width: '80px',
      align: 'right',
      sort: 'priority',
      text: (line) => line.priority,
      isHiddenAtFirst: true,
    },
  ]
}
