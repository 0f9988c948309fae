"""Workbooks of before 2007."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlwt

from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
from anmi.core.placement_sheet.cells import FormulaWithoutValue
from tests.adapters.spreadsheets.reading import rows_of


def test_cells_are_read_as_the_file_keeps_them(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("委案")
    sheet.write(1, 0, "张三")
    sheet.write(1, 1, 13800138000.0)
    sheet.write(1, 2, 3200.5)
    sheet.write(1, 3, date(2026, 3, 5), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    sheet.write(1, 4, 123, xlwt.easyxf(num_format_str="000000"))
    sheet.write(1, 5, xlwt.Formula("B2+1"))
    sheet.write(1, 7, True)
    book.save(str(tmp_path / "a.xls"))

    assert rows_of(tmp_path / "a.xls") == {
        1: [],
        2: ["张三", 13800138000, 3200.5, date(2026, 3, 5), "000123", FormulaWithoutValue(), None, True],
    }


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("委案")
    sheet.write(0, 0, 44624, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    book.save(str(tmp_path / "a.xls"))

    with SpreadsheetFile(tmp_path / "a.xls") as file:
        assert file.sheets[0].counts_from_1904
        assert next(iter(file.rows(0))).cells == [date(2026, 3, 5)]


def test_hidden_sheets_are_told_and_not_opened(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("委案").write(0, 0, "新数据")
    hidden = book.add_sheet("旧")
    hidden.write(0, 0, "旧数据")
    hidden.visibility = 1
    book.save(str(tmp_path / "a.xls"))

    with SpreadsheetFile(tmp_path / "a.xls") as file:
        assert [(sheet.name, sheet.is_hidden, len(sheet.rows)) for sheet in file.sheets] == [
            ("委案", False, 1),
            ("旧", True, 0),
        ]
