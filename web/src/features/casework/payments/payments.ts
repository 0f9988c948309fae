/** Money received: how a list shows it, and which turns a payment may take. */

import type { components } from '@/api/schema'
import type { Tone } from '@/kit/StatePill.vue'
import type { Column } from '@/kit/table'

export type Payment = components['schemas']['PaymentSeen']
export type PaymentState = Payment['state']

export const PAYMENT_STATES: readonly PaymentState[] = ['claimed', 'posted', 'rejected', 'reversed']
export const PAYMENT_TONES: Record<PaymentState, Tone> = {
  claimed: 'warn',
  posted: 'good',
  rejected: 'plain',
  reversed: 'bad',
}

export function paymentColumns(t: (key: string) => string): Column<Payment>[] {
  const title = (key: string): string => t(`payments.column.${key}`)
  return [
    { key: 'paid_on', title: title('paid_on'), width: '108px', isHead: true },
    { key: 'serial_no', title: title('serial_no'), width: '150px' },
    { key: 'debtor', title: title('debtor'), width: '96px', text: (row) => row.debtor_name_masked },
    { key: 'creditor', title: title('creditor'), text: (row) => row.creditor_name },
    { key: 'amount', title: title('amount'), width: '140px', align: 'right' },
    { key: 'method', title: title('method'), width: '110px', text: (row) => t(`payments.method.${row.method}`) },
    { key: 'state', title: title('state'), width: '100px' },
    { key: 'collector', title: title('collector'), width: '110px', text: (row) => row.collector_name },
    { key: 'claimed_at', title: title('claimed_at'), width: '140px' },
  ]
}
