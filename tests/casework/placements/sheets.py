"""Builders of placement files. Everybody in them is made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

from anmi.core.identity_number import check_character

HEADER = ["个案序列号", "委案日期", "委案金额", "姓名", "证件号", "本人手机", "联系方式来源"]


def an_id_number(number: int = 1, area: str = "110101", born: str = "19900307") -> str:
    """Return a made-up identity number with a right check digit."""
    body = f"{area}{born}{number:03d}"
    return body + check_character(body)


def a_case(number: int = 1, **changes: Any) -> list[Any]:
    """Return one good row in the order of HEADER; name the cells that shall be different."""
    cells = {
        "case_no": f"C{number:05d}",
        "placed_on": "2026-03-05",
        "amount": "3200.50",
        "name": "测试甲",
        "id_number": an_id_number(number),
        "phone": f"138{number:08d}",
        "source": "合同约定",
    }
    return list((cells | changes).values())


def a_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def an_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write rows into the only sheet of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def an_xls(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write rows into a workbook of before 2007."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("委案")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, place, cell)
    book.save(str(path))
    return path
