"""What rows of payments and of creditors' answers do to the cases they name, and what speaks against a row before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.concessions.service import ListedAnswers
from anmi.casework.payments.service import PaymentClaim, PaymentMethod, Payments
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability, may
from anmi.core.creditor_answers import Doubt
from anmi.core.payment_lines import KnownPayment, ToldPayment, known_of
from anmi.core.placement_sheet.list_columns import Item
from anmi.core.placement_sheet.list_reader import ListLine, PaidLine
from anmi.core.placement_sheet.reasons import Reason
from anmi.kit.unit_of_work import UnitOfWork

Rows = Sequence[tuple[ListLine, Case]]
Doubts = dict[int, tuple[Reason, Item]]

CLAIM_DAYS: Final = 3
"""How far a claim and its money may lie apart: what a transfer takes over a weekend."""

_METHODS: Final = {
    PaymentMethod.AUTO_DEBIT: ("代扣", "扣款", "划扣", "debit"),
    PaymentMethod.COUNTER: ("柜", "网点", "counter"),
    PaymentMethod.APP: ("app", "线上", "微信", "支付宝", "扫码", "小程序"),
    PaymentMethod.BANK_TRANSFER: ("转账", "汇款", "对公", "网银", "银行", "transfer", "bank"),
}
_REASONS: Final = {
    Doubt.NOTHING_WAITS: (Reason.NO_CONCESSION_WAITING, Item.CASE_NO),
    Doubt.OWN_REQUEST: (Reason.OWN_REQUEST, Item.CASE_NO),
    Doubt.DEBT_CHANGED: (Reason.DEBT_CHANGED, Item.APPROVED),
    Doubt.OUT_OF_RANGE: (Reason.APPROVED_OUT_OF_RANGE, Item.APPROVED),
    Doubt.RUN_OUT: (Reason.VALID_UNTIL_PAST, Item.VALID_UNTIL),
}


async def doubts_of_payments(unit: UnitOfWork, rows: Rows) -> Doubts:
    """Say which payments cannot be booked; one that is booked already is no harm."""
    known = await Payments(unit).known({case.id for _, case in rows})
    today = in_china(unit.now).date()
    doubts: Doubts = {}
    for line, case, paid in _paid(rows):
        if paid.paid_on > today:
            doubts[line.row] = (Reason.PAID_IN_FUTURE, Item.PAID_ON)
        elif not may(case.state, Capability.POST_PAYMENT) and _known(paid, known.get(case.id, [])) is None:
            doubts[line.row] = (Reason.CASE_TAKES_NO_PAYMENT, Item.CASE_NO)
    return doubts


async def book_payments(unit: UnitOfWork, rows: Rows) -> int:
    """Book money: on its claim where there is one, else anew; what is booked already is left. Return what was."""
    payments = Payments(unit)
    known = await payments.known({case.id for _, case in rows})
    today = in_china(unit.now).date()
    booked = 0
    for _, case, paid in _paid(rows):
        met = _known(paid, known.get(case.id, []))
        if met is not None:
            known[case.id].remove(met)
        if (met is not None and met.is_booked) or not may(case.state, Capability.POST_PAYMENT) or paid.paid_on > today:
            continue
        if met is not None:
            await payments.post(UUID(met.payment_id))
        else:
            await payments.receive(case, _claim(paid))
        booked += 1
    return booked


async def doubts_of_answers(unit: UnitOfWork, rows: Rows, brought_by: UUID | None) -> Doubts:
    """Say which answers cannot be written down."""
    told = [(line.row, case, line.answer) for line, case in rows if line.answer is not None]
    doubts = await ListedAnswers(unit, brought_by).doubts([(case, answer) for _, case, answer in told])
    return {row: _REASONS[doubt] for (row, _, _), doubt in zip(told, doubts, strict=True) if doubt is not None}


async def write_answers(unit: UnitOfWork, rows: Rows, brought_by: UUID | None) -> int:
    """Write down what the creditor answered; return how many answers were."""
    answers = ListedAnswers(unit, brought_by)
    return sum([await answers.take(case, line.answer, line.note) for line, case in rows if line.answer is not None])


def _paid(rows: Rows) -> list[tuple[ListLine, Case, PaidLine]]:
    return [(line, case, line.paid) for line, case in rows if line.paid is not None]


def _known(paid: PaidLine, known: Sequence[KnownPayment]) -> KnownPayment | None:
    return known_of(ToldPayment(paid.amount, paid.paid_on, paid.reference), known, CLAIM_DAYS)


def _claim(paid: PaidLine) -> PaymentClaim:
    word = (paid.method or "").lower()
    found = (method for method, parts in _METHODS.items() if any(part in word for part in parts))
    method = next(found, PaymentMethod.OTHER) if word else PaymentMethod.BANK_TRANSFER
    return PaymentClaim(paid.amount, paid.paid_on, method, paid.payer, paid.reference)
