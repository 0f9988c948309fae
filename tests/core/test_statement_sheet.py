"""A statement is read as banks write it: titles above, debits between, a total below. All persons are made up."""

from __future__ import annotations

from datetime import date

import pytest

from anmi.core.money import Money
from anmi.core.placement_sheet.cells import Cell, Row
from anmi.core.placement_sheet.reasons import Reason
from anmi.core.statement_sheet import BadCredit, Credit, find_header, read_statement


def sheet(*rows: tuple[Cell, ...]) -> list[Row]:
    return [Row(number, cells) for number, cells in enumerate(rows, start=1)]


BANK = sheet(
    ("演示银行回款明细",),
    ("交易日期", "借方金额", "贷方金额", "对方户名", "卡号", "交易流水号"),
    ("2026-03-02", None, "1,200.50", "张晓明", "6222 0000 1234", "F001"),
    ("2026/3/2", 300, None, "某某公司", None, "F002"),
    (date(2026, 3, 3), None, 88, "李*", "尾号5678", "F003"),
    (None, None, None, None, None, None),
    ("2026-13-40", None, 5, "王五", None, "F004"),
    ("2026-03-03", None, "五元", "王五", None, "F005"),
    ("2026-03-03", None, -20, "王五", None, "F006"),
    ("合计", 300, "1,288.50", None, None, None),
)


def test_credits_are_read_and_everything_else_is_passed_over_or_named() -> None:
    found = find_header(BANK)
    assert found is not None
    header_row, layout = found
    assert header_row == 2
    statement = read_statement(BANK, header_row, layout)
    assert statement.credits == (
        Credit(3, date(2026, 3, 2), Money.of("1200.50"), "1234", "张晓明", None, "F001"),
        Credit(5, date(2026, 3, 3), Money.of("88"), "5678", "李*", None, "F003"),
    )
    assert statement.bad == (BadCredit(7, Reason.BAD_DATE), BadCredit(8, Reason.BAD_AMOUNT))
    assert statement.total == Money.of("1288.50")


@pytest.mark.parametrize(
    "header",
    [("CP日期", "CP金额", "个案序列号"), ("还款日期*", "还款金额（元）", "案件号"), ("日期", "金额", "案件编号")],
)
def test_a_creditors_own_words_are_known(header: tuple[str, str, str]) -> None:
    rows = sheet(header, ("2026-03-02", "10", "S1"))
    found = find_header(rows)
    assert found is not None
    (credit,) = read_statement(rows, *found).credits
    assert (credit.serial_no, credit.account_tail, credit.name) == ("S1", None, None)


def test_a_sheet_without_day_or_sum_is_no_statement() -> None:
    assert find_header(sheet(("姓名", "金额"), ("张三", "10"))) is None
    assert find_header([]) is None
