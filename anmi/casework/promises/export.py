"""Promises as a file."""

from __future__ import annotations

from typing import Final

from anmi.casework.promises.service import PromiseFilter, Promises, PromiseView
from anmi.casework.words import PROMISE_STATES
from anmi.core.money import Money
from anmi.kit.exports import Export, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork

_LABELS: Final = ("个案序列号", "姓名", "承诺金额", "承诺日期", "状态", "已收金额", "承诺时间", "结束时间")


def export_of(wanted: PromiseFilter) -> Export:
    """Return the promises of a filter as a file."""

    async def count(unit: UnitOfWork) -> int:
        return await Promises(unit).count(wanted)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        views, following = await Promises(unit).page(wanted, ask)
        return [_row(view) for view in views], following

    return Export("承诺", _LABELS, count, page)


def _row(view: PromiseView) -> tuple[Cell, ...]:
    promise = view.promise
    return (
        view.serial_no,
        view.debtor_name,
        Money(promise.amount_fen),
        promise.due_on,
        PROMISE_STATES[promise.state],
        Money(promise.received_fen),
        promise.taken_at,
        promise.ended_at,
    )
