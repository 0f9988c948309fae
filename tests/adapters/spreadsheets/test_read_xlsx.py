"""Workbooks of today: values, numbers, dates and formulas as the file keeps them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
from anmi.adapters.spreadsheets.xlsx_styles import DATE, look_of, look_of_built_in
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue
from anmi.core.placement_sheet.reasons import Notice
from tests.adapters.spreadsheets import hostile
from tests.adapters.spreadsheets.reading import rows_of


def first_cell(tmp_path: Path, value: Any, number_format: str | None = None) -> Cell:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = value
    if number_format:
        sheet["A1"].number_format = number_format
    book.save(tmp_path / "a.xlsx")
    return rows_of(tmp_path / "a.xlsx")[1][0]


def from_xml(tmp_path: Path, rows: str, *parts: tuple[str, bytes]) -> dict[int, list[Cell]]:
    raw = hostile.with_part(hostile.SHEET, hostile.sheet_xml(rows))
    for name, content in parts:
        raw = hostile.with_part(name, content, raw)
    (tmp_path / "x.xlsx").write_bytes(raw)
    return rows_of(tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        ("张三", None, "张三"),
        ("=1+1", None, FormulaWithoutValue()),
        (13800138000.0, None, 13800138000),
        (3200.5, None, 3200.5),
        (123, "000000", "000123"),
        (123, "0", 123),
        (1234567, "00", 1234567),
        (46086, "yyyy-mm-dd", date(2026, 3, 5)),
        (46086.75, "m/d/yy h:mm", date(2026, 3, 5)),
        (46086, '[$-804]yyyy"年"m"月"d"日"', date(2026, 3, 5)),
        (46086, "General", 46086),
        (46086, '0.00"元"', 46086),
        (46086, "[Red]#,##0.00", 46086),
        (0.5, "h:mm", 0.5),
        (True, None, True),
        (date(2026, 3, 5), None, date(2026, 3, 5)),
        (46086.35, "yyyy/m/d h:mm", date(2026, 3, 5)),
    ],
)
def test_a_cell_is_read_as_the_file_keeps_it(tmp_path: Path, value: Any, number_format: str | None, read: Cell) -> None:
    assert first_cell(tmp_path, value, number_format) == read


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append([date(2026, 3, 5), 44624])
    book.save(tmp_path / "a.xlsx")

    with SpreadsheetFile(tmp_path / "a.xlsx") as file:
        assert file.sheets[0].counts_from_1904
        assert next(iter(file.rows(0))).cells == [date(2026, 3, 5), 44624]


def test_rows_and_cells_keep_their_places(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="C3"><v>1</v></c></row><row><c><v>2</v></c><c/><c><v>3</v></c></row>'

    assert from_xml(tmp_path, rows) == {3: [None, None, 1], 4: [2, None, 3]}


def test_the_claimed_size_of_a_sheet_is_not_believed(tmp_path: Path) -> None:
    raw = hostile.sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    (tmp_path / "x.xlsx").write_bytes(hostile.with_part(hostile.SHEET, raw))

    assert rows_of(tmp_path / "x.xlsx") == {1: [1]}


def test_shared_strings_are_put_together_without_their_phonetic_reading(tmp_path: Path) -> None:
    strings = (
        f'<sst xmlns="{hostile.NAMESPACE}"><si><t>张三</t></si>'
        "<si><r><t>李</t></r><r><t xml:space='preserve'>四 </t></r><rPh><t>lisi</t></rPh></si>"
        "<si><t>a_x000D_b_x4E00_</t></si></sst>"
    )
    rows = "<row>" + "".join(f'<c t="s"><v>{number}</v></c>' for number in range(3)) + "</row>"

    assert from_xml(tmp_path, rows, ("xl/sharedStrings.xml", strings.encode())) == {1: ["张三", "李四 ", "a\rb一"]}


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("<c><f>A1</f></c>", FormulaWithoutValue()),
        ("<c><f>A1</f><v/></c>", FormulaWithoutValue()),
        ("<c><f>A1</f><v>7</v></c>", 7),
        ('<c t="str"><f>A1</f><v>七</v></c>', "七"),
        ('<c t="str"><f>A1</f><v></v></c>', ""),
        ('<c t="e"><f>A1</f><v>#N/A</v></c>', "#N/A"),
        ('<c t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r></is></c>', "张三"),
        ('<c t="b"><v>0</v></c>', False),
        ('<c t="d"><v>2026-03-05T00:00:00</v></c>', "2026-03-05T00:00:00"),
        ("<c><v>1.3800138E10</v></c>", 13800138000),
        ("<c><v>110101199003074514</v></c>", 1.1010119900307451e17),
    ],
)
def test_what_a_formula_or_a_program_left_is_taken_and_nothing_is_calculated(
    tmp_path: Path, cell: str, read: Cell
) -> None:
    assert from_xml(tmp_path, f"<row>{cell}<c><v>9</v></c></row>") == {1: [read, 9]}


def test_names_with_a_prefix_are_understood(tmp_path: Path) -> None:
    xml = (
        f'<x:worksheet xmlns:x="{hostile.NAMESPACE}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is>'
        "<x:t>张三</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    (tmp_path / "x.xlsx").write_bytes(hostile.with_part(hostile.SHEET, xml.encode()))

    assert rows_of(tmp_path / "x.xlsx") == {1: ["张三"]}


def test_hidden_sheets_are_told_and_not_opened(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["旧数据"])
    first.sheet_state = "hidden"
    book.create_sheet("委案").append(["新数据"])
    book.active = 1
    book.save(tmp_path / "a.xlsx")

    with SpreadsheetFile(tmp_path / "a.xlsx") as file:
        assert [(sheet.is_hidden, len(sheet.rows)) for sheet in file.sheets] == [(True, 0), (False, 1)]
        assert [row.cells for row in file.rows(1)] == [["新数据"]]


def test_links_to_other_workbooks_are_told_and_not_followed(tmp_path: Path) -> None:
    raw = hostile.with_part("xl/externalLinks/externalLink1.xml", b'<externalLink Target="http://127.0.0.1/"/>')
    (tmp_path / "a.xlsx").write_bytes(raw)

    with SpreadsheetFile(tmp_path / "a.xlsx") as file:
        assert list(file.notices) == [Notice.EXTERNAL_LINKS_IGNORED]


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("yyyy-mm-dd", DATE),
        ("m月d日", DATE),
        ("[$-409]d-mmm-yy;@", DATE),
        ("h:mm:ss", DATE),
        ("00000000", 8),
        ("0", None),
        ("General", None),
        ("@", None),
        ("#,##0.00_);[Red]\\(#,##0.00\\)", None),
        ('"day "0', None),
        ("0.00E+00", None),
    ],
)
def test_a_format_tells_dates_from_numbers(code: str, look: str | int | None) -> None:
    assert look_of(code) == look


@pytest.mark.parametrize(("number", "look"), [(0, None), (14, DATE), (22, DATE), (31, DATE), (49, None), (57, DATE)])
def test_built_in_formats_tell_dates_from_numbers(number: int, look: str | None) -> None:
    assert look_of_built_in(number) == look
