"""A statement of money received (对账单), read from a sheet: day, sum, and whatever points to the one who paid.

Banks' and creditors' sheets have title rows, their own words for columns, debits between the credits and a total below;
what is no credit is passed over, what is one and cannot be read is said with its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from anmi.core.money import Money, total
from anmi.core.placement_sheet.amounts import read_amount
from anmi.core.placement_sheet.cells import Cell, Row, is_blank, text_of
from anmi.core.placement_sheet.columns import header_keys
from anmi.core.placement_sheet.dates import read_date
from anmi.core.placement_sheet.reasons import Reason

HEADER_WITHIN: Final = 30
_TAIL_DIGITS: Final = 4
_TOTAL: Final = re.compile(r"合计|总计|小计|共计|total", re.IGNORECASE)


class Column(StrEnum):
    """What a column of a statement says."""

    PAID_ON = "paid_on"
    AMOUNT = "amount"
    ACCOUNT = "account"
    NAME = "name"
    SERIAL_NO = "serial_no"
    REFERENCE = "reference"


# In order of trust: an earlier word wins over a later one.
_WORDS: Final[Mapping[Column, Sequence[str]]] = {
    Column.PAID_ON: (
        *("入账日期", "到账日期", "记账日期", "还款日期", "交易日期", "回款日期", "付款日期", "cp日期"),
        *("入账时间", "到账时间", "交易时间", "还款时间", "日期"),
    ),
    Column.AMOUNT: (
        *("入账金额", "到账金额", "贷方金额", "贷方发生额", "收入金额", "还款金额", "回款金额", "交易金额", "cp金额"),
        *("收入", "贷方", "金额"),
    ),
    Column.ACCOUNT: ("卡号", "账号", "还款卡号", "借据号", "贷款账号", "卡号后四位", "卡号末四位", "尾号", "卡尾号"),
    Column.NAME: ("姓名", "客户姓名", "还款人", "付款人", "付款人名称", "付款人户名", "对方户名", "对方名称", "户名"),
    Column.SERIAL_NO: ("个案序列号", "案件编号", "案件号", "个案编号"),
    Column.REFERENCE: ("交易流水号", "流水号", "交易参考号", "参考号", "凭证号", "订单号", "交易号"),
}
_NEEDED: Final = frozenset({Column.PAID_ON, Column.AMOUNT})


@dataclass(frozen=True, slots=True)
class Credit:
    """Money received, as one row says it."""

    row: int
    paid_on: date
    amount: Money
    account_tail: str | None
    name: str | None
    serial_no: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class BadCredit:
    """A row that is a credit and cannot be read."""

    row: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sheet says in all."""

    credits: tuple[Credit, ...]
    bad: tuple[BadCredit, ...]

    @property
    def total(self) -> Money:
        return total([one.amount for one in self.credits])


Layout = Mapping[Column, int]


def find_header(rows: Sequence[Row]) -> tuple[int, Layout] | None:
    """Return the row number of the header and where each column stands; None where no row names day and sum."""
    for row in rows[:HEADER_WITHIN]:
        layout = _layout(row)
        if layout.keys() >= _NEEDED:
            return row.number, layout
    return None


def read_statement(
    rows: Iterable[Row], header_row: int, layout: Layout, *, counts_from_1904: bool = False
) -> Statement:
    """Read all rows below the header."""
    credits_: list[Credit] = []
    bad: list[BadCredit] = []
    for row in rows:
        if row.number <= header_row:
            continue
        match _read(row, layout, counts_from_1904=counts_from_1904):
            case Credit() as credit:
                credits_.append(credit)
            case BadCredit() as fault:
                bad.append(fault)
            case None:
                pass
    return Statement(tuple(credits_), tuple(bad))


def _layout(row: Row) -> dict[Column, int]:
    keys = [header_keys(text_of(cell)) for cell in row.cells]
    layout: dict[Column, int] = {}
    for column, words in _WORDS.items():
        for word in words:
            places = [place for place, ways in enumerate(keys) if word in ways and place not in layout.values()]
            if places:
                layout[column] = places[0]
                break
    return layout


def _read(row: Row, layout: Layout, *, counts_from_1904: bool) -> Credit | BadCredit | None:
    cells = {column: row.cells[place] if place < len(row.cells) else None for column, place in layout.items()}
    day, sum_ = cells[Column.PAID_ON], cells[Column.AMOUNT]
    if is_blank(sum_) or _is_total(row.cells):
        return None
    amount = read_amount(sum_)
    if amount is Reason.AMOUNT_NOT_POSITIVE:
        # A debit, or the empty credit column of one.
        return None
    paid_on = read_date(day, counts_from_1904)
    for value in (amount, paid_on):
        if isinstance(value, Reason):
            return BadCredit(row.number, value)
    if not isinstance(amount, Money) or not isinstance(paid_on, date):
        raise TypeError("a cell is read or refused")
    return Credit(
        row.number,
        paid_on,
        amount,
        _tail(cells.get(Column.ACCOUNT)),
        *(text_of(cells.get(column)) or None for column in (Column.NAME, Column.SERIAL_NO, Column.REFERENCE)),
    )


def _tail(cell: Cell) -> str | None:
    digits = "".join(char for char in text_of(cell) if char in "0123456789")
    return digits[-_TAIL_DIGITS:] if len(digits) >= _TAIL_DIGITS else None


def _is_total(cells: Sequence[Cell]) -> bool:
    return any(_TOTAL.match(word) for word in _written(cells))


def _written(cells: Sequence[Cell]) -> Iterator[str]:
    return (text for cell in cells if isinstance(cell, str) and (text := text_of(cell)))
