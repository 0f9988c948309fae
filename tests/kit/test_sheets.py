"""Sheets written piece by piece: what a spreadsheet program reads back, and what it never reckons with."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from anmi.core.money import Money
from anmi.kit import sheets
from anmi.kit.sheets import Cell, SheetFormat, harmless, sheet_writer

ROWS: list[list[Cell]] = [
    ["A<1>", 3, Money(-1205), date(2026, 3, 4), None],
    ["=1+1", 0, Money(7), datetime(2026, 3, 4, 2, 0, tzinfo=UTC), "二\x00行\n&"],
]
LABELS = ["编号", "天数", "金额", "日期", "备注"]


def written(kind: SheetFormat, *batches: list[list[Cell]]) -> bytes:
    writer = sheet_writer(kind, "案件", LABELS)
    return b"".join([*(writer.rows(batch) for batch in batches), writer.end()])


def test_a_workbook_is_read_back_as_it_was_meant() -> None:
    content = written(SheetFormat.XLSX, ROWS[:1], ROWS[1:])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["案件"]
    assert book.get_sheet_by_index(0).to_python() == [
        LABELS,
        ["A<1>", 3, -12.05, "2026-03-04", ""],
        ["'=1+1", 0, 0.07, "2026-03-04 10:00:00", "二行\n&"],
    ]


def test_a_long_list_goes_on_in_another_worksheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_OF_A_SHEET", 2)
    rows: list[list[Cell]] = [[str(number)] for number in range(5)]
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(SheetFormat.XLSX, rows)))
    assert book.sheet_names == ["案件", "案件2", "案件3"]
    found = [row[0] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()[1:]]
    assert found == ["0", "1", "2", "3", "4"]


def test_a_csv_opens_as_chinese() -> None:
    content = written(SheetFormat.CSV, ROWS[:1], ROWS[1:])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1:3] == [
        "A<1>,3,-12.05,2026-03-04,",
        "'=1+1,0,0.07,2026-03-04 10:00:00,\"二行",
    ]


def test_an_empty_list_still_has_its_header() -> None:
    assert written(SheetFormat.CSV).decode("utf-8-sig") == "编号,天数,金额,日期,备注\r\n"
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(SheetFormat.XLSX)))
    assert book.get_sheet_by_index(0).to_python() == [LABELS]


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@x", " =cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1+1"])
def test_what_a_program_would_reckon_with_is_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "张三", "a=b", "1-2", "138****1234"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
