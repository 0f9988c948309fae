"""Rows go through the check: each is counted once, as a case, as a refused row or as no case at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.identity_number import check_character
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, Row
from anmi.core.placement_sheet.check import Check, Report
from anmi.core.placement_sheet.columns import MANDATORY, Column
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.placement_sheet.header import lay_out
from anmi.core.placement_sheet.line_reader import BadLine, Line, LineReader
from anmi.core.placement_sheet.lines import carries_no_case
from anmi.core.placement_sheet.reasons import SENTENCES, FileReason, Finding, Notice, Reason
from anmi.core.placement_sheet.template import Template

TODAY = date(2026, 11, 23)
HEADER = [str(column) for column in MANDATORY]
LAYOUT = lay_out(1, [*HEADER, "证件类型", "币种", "附加"], Template(), has_source=False)
READER = LineReader(LAYOUT, TODAY)


def an_id_number(number: int) -> str:
    body = f"11010119900307{number:03d}"
    return body + check_character(body)


def a_row(number: int = 1, **changes: Any) -> list[Any]:
    cells = {
        "case_no": f"C{number}",
        "placed_on": "2026-03-05",
        "amount": "3200.50",
        "name": "测试甲",
        "id_number": an_id_number(number),
        "phone": "13800138000",
        "source": "合同约定",
        "id_type": "",
        "currency": "",
    }
    return list((cells | changes).values())


def checked(*rows: Sequence[Cell], reader: LineReader = READER) -> Report:
    check = Check(reader)
    for number, cells in enumerate(rows, start=2):
        check.take(Row(number, cells))
    return check.report()


def faults(**changes: Any) -> set[Reason]:
    line = READER.read(a_row(1, **changes))
    return {reason for reason, _ in line.faults} if isinstance(line, BadLine) else set()


def notices(**changes: Any) -> set[Notice]:
    line = READER.read(a_row(1, **changes))
    assert isinstance(line, Line)
    return {notice for notice, _ in line.notices}


def test_every_code_has_a_sentence_in_both_languages() -> None:
    for codes in (FileReason, Reason, Notice):
        for code in codes:
            assert all(SENTENCES[code])
            assert Finding(code, about="甲").sentence() == f"{SENTENCES[code][0]}：甲"
            assert Finding(code).sentence(english=True) == SENTENCES[code][1]


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, set()),
        ({"case_no": ""}, {Reason.MISSING_REQUIRED}),
        ({"case_no": "#N/A"}, {Reason.MISSING_REQUIRED}),
        ({"case_no": FormulaWithoutValue()}, {Reason.FORMULA_NO_VALUE}),
        ({"placed_on": "", "name": None}, {Reason.MISSING_REQUIRED}),
        ({"id_number": "110101199003070012"}, {Reason.BAD_ID_CHECKSUM}),
        ({"id_number": "110101199013070011"}, {Reason.BAD_ID_FORMAT}),
        ({"id_number": "1101011990****0011"}, {Reason.BAD_ID_FORMAT}),
        ({"id_number": 110101199003070011.0}, {Reason.ID_PRECISION_LOST}),
        ({"id_number": "1.10101E+17"}, {Reason.ID_PRECISION_LOST}),
        ({"id_number": "110101199003070000"}, {Reason.ID_PRECISION_LOST}),
        ({"id_number": 110101900307001}, set()),
        ({"id_number": "110101 19900307 001 5"}, {Reason.BAD_ID_CHECKSUM}),
        ({"id_number": f" {an_id_number(1)[:6]} {an_id_number(1)[6:]}"}, set()),
        ({"phone": "138001"}, {Reason.BAD_PHONE}),
        ({"phone": "1.38001E+10"}, {Reason.BAD_PHONE}),
        ({"phone": "1.3800138E+10"}, set()),
        ({"phone": 13800138000.0}, set()),
        ({"phone": "138001/13900139000"}, set()),
        ({"phone": "1" * 5000}, {Reason.BAD_PHONE}),
        ({"source": ""}, {Reason.MISSING_CONTACT_SOURCE}),
        ({"source": "黑市"}, {Reason.BAD_CONTACT_SOURCE}),
        ({"currency": "HKD"}, {Reason.BAD_AMOUNT}),
        ({"currency": "人民币"}, set()),
        ({"id_number": "E12345678", "id_type": "护照"}, set()),
        ({"id_number": "?", "id_type": "护照"}, {Reason.BAD_ID_FORMAT}),
        (
            {"amount": FormulaWithoutValue(), "name": "1", "phone": "1", "source": "x"},
            {Reason.FORMULA_NO_VALUE, Reason.BAD_NAME, Reason.BAD_PHONE, Reason.BAD_CONTACT_SOURCE},
        ),
    ],
)
def test_a_row_is_refused_for_all_its_faults_and_for_no_other(changes: dict[str, Any], reasons: set[Reason]) -> None:
    assert faults(**changes) == reasons


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, set()),
        ({"case_no": 1001}, set()),
        ({"case_no": 12345678901234567890.0}, {Notice.CASE_NO_PRECISION_LOST}),
        ({"case_no": "1.23457E+15"}, {Notice.CASE_NO_PRECISION_LOST}),
        ({"placed_on": "2026-12-01"}, {Notice.DATE_IN_FUTURE}),
        ({"phone": "14412345678"}, {Notice.UNKNOWN_PHONE_PREFIX}),
        ({"phone": "010-62345678-802"}, {Notice.PHONE_IS_LANDLINE}),
        ({"phone": "13800138000/13900139000"}, {Notice.SEVERAL_PHONES}),
        ({"phone": "138001/13900139000"}, {Notice.SEVERAL_PHONES}),
        ({"id_number": "E12345678", "id_type": "护照"}, {Notice.ID_NOT_CHECKED}),
    ],
)
def test_what_is_odd_but_no_fault_is_told(changes: dict[str, Any], told: set[Notice]) -> None:
    assert notices(**changes) == told


def test_a_source_for_the_file_fills_blank_cells_only() -> None:
    reader = LineReader(LAYOUT, TODAY, source=ContactSource.ON_FILE)

    blank, own = reader.read(a_row(source="")), reader.read(a_row(source="征信"))

    assert isinstance(blank, Line)
    assert isinstance(own, Line)
    assert (blank.source, own.source) == (ContactSource.ON_FILE, ContactSource.CREDIT_BUREAU)
    assert isinstance(reader.read(a_row(source="黑市")), BadLine)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [None, "", " \u3000\u200b"],
        ["合计", "", "100"],
        ["", "", "100", "总计"],
        ["小计：", None, 100],
        ["Total", None, 100],
        ["共 20 户", None, 100],
        [None, None, 100],
        ["", "", "", "", "", "", "合同约定"],
        ["注：以上数据保密"],
        ["备注", "请勿外传"],
        ["制表人：张三", "", "", "审核人：李四"],
        ["——以下空白——"],
        ["第 1 页 共 3 页"],
        ["本表仅供内部使用，不得外传。"],
        HEADER,
        ["case_no", "placement_date", "amount", "name", "id_number", "mobile", "contact_source"],
        ["必填", "必填", "必填", "必填", "必填", "必填", "选填"],
    ],
)
def test_a_row_that_speaks_of_cases_is_none(cells: list[Cell]) -> None:
    assert carries_no_case(cells, LAYOUT)


@pytest.mark.parametrize(
    "cells",
    [
        a_row(),
        a_row(name="合计"),
        a_row(case_no="注001"),
        ["C1"],
        ["注001", "2026-03-05", "100", "", an_id_number(1)],
        ["", "", "", "张三"],
        ["", "", "", "", an_id_number(1)],
        ["", "", "", "", "", "13800138000"],
        ["", "2026-03-05", "100"],
        ["#001", "2026-03-05", "100", "张三"],
    ],
)
def test_a_row_that_could_be_a_case_is_judged(cells: list[Cell]) -> None:
    assert not carries_no_case(cells, LAYOUT)


def test_rows_that_are_not_stored_are_blank_rows() -> None:
    check = Check(READER)
    for number in (1, 4, 5, 9):
        check.take(Row(number, a_row(number)))

    assert (check.accepted, check.skipped) == (3, 5)


def test_values_without_a_header_are_told_once() -> None:
    layout = lay_out(1, [*HEADER, "", "附加"], Template(), has_source=False)
    row = a_row()[: len(HEADER)]
    reader = LineReader(layout, TODAY)

    assert checked([*row, "", "x"], reader=reader).findings == ()
    for loose in ([*row, "x", "y"], [*row, "", "y", "z"]):
        report = checked(a_row(2)[: len(HEADER)], loose, loose, reader=reader)
        assert [(finding.code, finding.row) for finding in report.findings][:1] == [(Notice.CELLS_WITHOUT_HEADER, 3)]


def test_nothing_to_import_is_said_of_the_file() -> None:
    assert checked(["合计"]).file_reason is FileReason.NO_DATA_ROWS
    assert checked(a_row(phone="1")).file_reason is None


rows = st.lists(
    st.builds(
        lambda number, changes: a_row(number, **changes),
        st.integers(1, 4),
        st.dictionaries(
            st.sampled_from(["amount", "name", "phone", "placed_on", "id_number", "source"]),
            st.sampled_from(["", "1", "100.01", "测试乙", "2026-04-05", "13900139000", "合同约定", an_id_number(9)]),
            max_size=2,
        ),
    ),
    max_size=25,
)


@given(rows)
def test_every_row_is_counted_once_and_no_fen_is_lost(some: list[list[Cell]]) -> None:
    check = Check(READER)
    lines = [check.take(Row(number, cells)) for number, cells in enumerate(some, start=2)]
    report = check.report()

    assert report.accepted + len(report.rejected) + report.skipped == len(some)
    assert report.total.fen == sum(line.amount.fen for line in lines if isinstance(line, Line))
    keys = [line.key for line in lines if isinstance(line, Line)]
    assert len(keys) == len(set(keys))
    assert report.duplicates == sum(Reason.DUPLICATE_ROW in reasons for _, reasons in report.rejected)
    assert all(reasons for _, reasons in report.rejected)
    debtors = [line.identity.text for line in lines if isinstance(line, Line)]
    pairs = sum(one == other for place, one in enumerate(debtors) for other in debtors[:place])
    assert report.linked_pairs == pairs


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.dates(),
    st.just(FormulaWithoutValue()),
)


@given(st.lists(st.lists(anything, max_size=12), max_size=12))
def test_no_row_breaks_the_check(some: list[list[Cell]]) -> None:
    report = checked(*some)

    assert report.accepted + len(report.rejected) + report.skipped == len(some)
    assert {finding.column for finding in report.findings if finding.refuses and finding.row} <= {*Column, ""}
