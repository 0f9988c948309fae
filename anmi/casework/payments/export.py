"""Payments as a file."""

from __future__ import annotations

from typing import Final

from anmi.casework.payments.service import PaymentFilter, Payments, PaymentView
from anmi.casework.words import PAYMENT_METHODS, PAYMENT_STATES
from anmi.core.money import Money
from anmi.kit.exports import Export, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork

_LABELS: Final = (
    "个案序列号",
    "委托方",
    "姓名",
    "状态",
    "还款金额",
    "其中多付",
    "还款日期",
    "还款方式",
    "还款人",
    "流水号",
    "回收催收员",
    "登记时间",
    "入账时间",
    "冲正时间",
)


def export_of(wanted: PaymentFilter) -> Export:
    """Return the payments of a filter as a file."""

    async def count(unit: UnitOfWork) -> int:
        return sum(count for count, _ in (await Payments(unit).figures(wanted)).values())

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        views, following = await Payments(unit).page(wanted, ask)
        return [_row(view) for view in views], following

    return Export("还款", _LABELS, count, page)


def _row(view: PaymentView) -> tuple[Cell, ...]:
    return (
        view.serial_no,
        view.creditor_name,
        view.debtor_name_masked,
        PAYMENT_STATES[view.state],
        Money(view.amount_fen),
        Money(view.over_fen),
        view.paid_on,
        PAYMENT_METHODS[view.method],
        view.payer_masked,
        view.reference,
        view.collector_name,
        view.claimed_at,
        view.posted_at,
        view.reversed_at,
    )
