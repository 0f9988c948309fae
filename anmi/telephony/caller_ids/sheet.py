"""A list of leased numbers as a sheet: each line is read, and what is wrong with it is said in words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from anmi.core.number_origin import known_places, origin_of
from anmi.core.permissions import Words
from anmi.core.phone_number import PhoneNumber

NUMBER: Final = r"^(0[1-9][0-9]{8,10}|1[3-9][0-9]{9}|9[56][0-9]{3,6}|400[0-9]{7})$"
"""A landline with its area code, a mobile, a service number (95…, 96…), or 400."""

MOST_LINES: Final = 5000
DAILY_CEILING: Final = 200
COOL_DOWN_SECONDS: Final = 60
COMPLAINT_CEILING: Final = 3


class Column(StrEnum):
    """The columns of the sheet, as people write them."""

    NUMBER = "号码"
    CITY = "城市"
    PROVINCE = "省份"
    TRUNK = "线路"
    UNIT = "部门"
    LICENCE = "授权依据"
    LEASED_UNTIL = "租用到期"
    DAILY_CEILING = "每日上限"
    COOL_DOWN = "冷却秒数"
    COMPLAINT_CEILING = "投诉上限"


REQUIRED: Final = (Column.NUMBER, Column.TRUNK, Column.LICENCE)


class Wrong(StrEnum):
    """What can be wrong with a cell."""

    MISSING = "MISSING"
    BAD_NUMBER = "BAD_NUMBER"
    TWICE = "TWICE"
    UNKNOWN_PLACE = "UNKNOWN_PLACE"
    ANOTHER_PLACE = "ANOTHER_PLACE"
    UNKNOWN_TRUNK = "UNKNOWN_TRUNK"
    UNKNOWN_UNIT = "UNKNOWN_UNIT"
    BAD_DATE = "BAD_DATE"
    BAD_COUNT = "BAD_COUNT"


WRONG_WORDS: Final[dict[Wrong, Words]] = {
    Wrong.MISSING: Words("不能为空", "must not be empty"),
    Wrong.BAD_NUMBER: Words("不是可外显的号码格式", "is no number that can be shown"),
    Wrong.TWICE: Words("号码重复或已存在", "stands there twice, or is known already"),
    Wrong.UNKNOWN_PLACE: Words("省份或城市无法识别", "is no province or city that is known"),
    Wrong.ANOTHER_PLACE: Words("与号码归属地不符", "is not where the number comes from"),
    Wrong.UNKNOWN_TRUNK: Words("没有此名称的线路", "is no trunk"),
    Wrong.UNKNOWN_UNIT: Words("没有此名称的部门，或名称不唯一", "is no unit, or not the only one of this name"),
    Wrong.BAD_DATE: Words("日期须为 2026-12-31 的形式", "must be a date such as 2026-12-31"),
    Wrong.BAD_COUNT: Words("须为不小于 0 的整数", "must be a whole number, not below zero"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a cell; rows are counted as in the sheet, the header being row 1."""

    row: int
    column: Column
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class Line:
    """A number that can be taken into use."""

    row: int
    number: str
    province: str | None
    city: str | None
    trunk_id: UUID
    unit_id: UUID | None
    licence: str
    leased_until: date | None
    daily_ceiling: int
    cool_down_seconds: int
    complaint_ceiling: int


class SheetUnreadable(ValueError):
    """This is no list of numbers: the text cannot be read, or columns are missing."""


class BadCell(ValueError):
    """A cell cannot be taken as it is."""

    def __init__(self, column: Column, wrong: Wrong) -> None:
        super().__init__(f"{column}: {wrong}")
        self.column, self.wrong = column, wrong


def read_sheet(
    content: bytes, trunks: Mapping[str, UUID], units: Mapping[str, UUID | None]
) -> tuple[list[Line], list[Finding]]:
    """Read a csv file; return its good lines and what is wrong with the others."""
    lines: list[Line] = []
    findings: list[Finding] = []
    seen: set[str] = set()
    for row, cells in _rows(content):
        try:
            line = _line(row, cells, trunks, units)
        except BadCell as fault:
            findings.append(Finding(row, fault.column, fault.wrong))
            continue
        if line.number in seen:
            findings.append(Finding(row, Column.NUMBER, Wrong.TWICE))
        else:
            seen.add(line.number)
            lines.append(line)
    return lines, findings


def _rows(content: bytes) -> Iterator[tuple[int, Mapping[Column, str]]]:
    rows = csv.reader(io.StringIO(_text(content), newline=""))
    try:
        header = [cell.strip() for cell in next(rows, [])]
        places = {column: header.index(column) for column in Column if column in header}
        if not all(column in places for column in REQUIRED):
            raise SheetUnreadable("、".join(column for column in REQUIRED if column not in places))
        for row, cells in enumerate(rows, start=2):
            if row > MOST_LINES + 1:
                raise SheetUnreadable(f"> {MOST_LINES}")
            if any(cell.strip() for cell in cells):
                yield row, {column: cells[at].strip() if at < len(cells) else "" for column, at in places.items()}
    except csv.Error as fault:
        raise SheetUnreadable(str(fault)) from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetUnreadable("编码")


def _line(row: int, cells: Mapping[Column, str], trunks: Mapping[str, UUID], units: Mapping[str, UUID | None]) -> Line:
    for column in REQUIRED:
        if not cells[column]:
            raise BadCell(column, Wrong.MISSING)
    number = cells[Column.NUMBER].replace("-", "").replace(" ", "")
    if not re.fullmatch(NUMBER, number):
        raise BadCell(Column.NUMBER, Wrong.BAD_NUMBER)
    province, city = place_of(number, cells.get(Column.PROVINCE) or None, cells.get(Column.CITY) or None)
    unit = cells.get(Column.UNIT)
    return Line(
        row,
        number,
        province,
        city,
        _named(trunks, cells[Column.TRUNK], Column.TRUNK, Wrong.UNKNOWN_TRUNK),
        _named(units, unit, Column.UNIT, Wrong.UNKNOWN_UNIT) if unit else None,
        cells[Column.LICENCE][:100],
        _day(cells.get(Column.LEASED_UNTIL)),
        _count(cells, Column.DAILY_CEILING, DAILY_CEILING),
        _count(cells, Column.COOL_DOWN, COOL_DOWN_SECONDS),
        _count(cells, Column.COMPLAINT_CEILING, COMPLAINT_CEILING),
    )


def place_of(number: str, province: str | None, city: str | None) -> tuple[str | None, str | None]:
    """Return the place of a number as `core` names it: as it is written, or as the number itself says.

    Raises BadCell for a place that is none, and for one that is not the number's own.
    """
    origin = origin_of(PhoneNumber(number)) if number[0] in "01" else None
    if city is None and province is None:
        return (origin.province, origin.city) if origin is not None else (None, None)
    province = province.removesuffix("省") if province else None
    city = city.removesuffix("市") if city else None
    places = {place for place in known_places() if city in {None, place[1]} and province in {None, place[0]}}
    if not places:
        raise BadCell(Column.CITY if city else Column.PROVINCE, Wrong.UNKNOWN_PLACE)
    if origin is not None and origin.city is not None and city is not None and city not in origin.city:
        raise BadCell(Column.CITY, Wrong.ANOTHER_PLACE)
    provinces = {place[0] for place in places}
    return (province or (provinces.pop() if len(provinces) == 1 else None)), city


Named = TypeVar("Named", UUID, "UUID | None")


def _named(things: Mapping[str, Named], name: str, column: Column, wrong: Wrong) -> UUID:
    found = things.get(name)
    if found is None:
        raise BadCell(column, wrong)
    return found


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise BadCell(Column.LEASED_UNTIL, Wrong.BAD_DATE) from None


def _count(cells: Mapping[Column, str], column: Column, usual: int) -> int:
    text = cells.get(column)
    if not text:
        return usual
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadCell(column, Wrong.BAD_COUNT)
    return int(text)
