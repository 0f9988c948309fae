"""The lines of a commission statement as a file."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from anmi.casework.commission.service import Commissions
from anmi.core.money import Money
from anmi.kit.exports import Export, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork

_LABELS: Final = ("个案序列号", "账龄", "手别", "还款日期", "回款金额", "费率", "佣金")


def export_of(statement_id: UUID) -> Export:
    """Return the lines of a statement as a file."""

    async def count(unit: UnitOfWork) -> int:
        _, _, groups = await Commissions(unit).get(statement_id)
        return sum(group.payments for group in groups)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        rows, following = await Commissions(unit).lines(statement_id, ask)
        return [_row(row) for row in rows], following

    return Export("结佣明细", _LABELS, count, page)


def _row(row: Row[Any]) -> tuple[Cell, ...]:
    line = row.CommissionLine
    return (
        row.serial_no,
        row.bucket,
        row.tier,
        row.paid_on,
        Money(line.base_fen),
        _percent(line.rate),
        Money(line.commission_fen),
    )


def _percent(rate: str | None) -> str:
    """Say a rate such as `3/20` in hundredths, as exactly as two digits can."""
    if rate is None:
        return "未约定"
    hundredths = round(Fraction(rate) * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
