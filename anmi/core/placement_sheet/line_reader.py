"""One row becomes one line of a placement, or a bad line that lists everything wrong with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from anmi.core.identity_number import IdentityFault, IdentityNumber
from anmi.core.money import Money
from anmi.core.phone_number import PhoneNumber, read_numbers
from anmi.core.placement_sheet.amounts import is_renminbi, read_amount
from anmi.core.placement_sheet.cells import ERROR_VALUES, Cell, FormulaWithoutValue, text_of, without_white
from anmi.core.placement_sheet.columns import Column
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.core.placement_sheet.dates import DateOrder, read_date
from anmi.core.placement_sheet.header import Layout
from anmi.core.placement_sheet.names import read_name
from anmi.core.placement_sheet.reasons import Notice, Reason

_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.(?P<decimals>[0-9]+))?E\+?(?P<exponent>[0-9]{1,2})", re.IGNORECASE)
_WHOLE_WITH_POINT: Final = re.compile(r"[0-9]+\.0*")
_POINT_ZERO: Final = (".", ".0", ".00")
_ID_ORNAMENTS: Final = re.compile(r"[\s\-_.·]+")
_RESIDENT_CARD: Final = re.compile(
    r"|.*身份证.*|二代证|0?1|0|id|idcard|sfz|ic|公民身份.*|外国人永久居留.*|港澳台居民居住证", re.IGNORECASE
)
_OTHER_DOCUMENT: Final = re.compile(r"[A-Z0-9()/]{5,30}", re.IGNORECASE)
_NO_VALUES: Final = frozenset(("无", "-", "--", "/", "null", "none", "nan", "n/a", "\\n", "暂无", "空", "未知"))
# Spreadsheets keep fifteen digits of a number; whatever stands behind them is made up.
_DIGITS_KEPT: Final = 15
_LONGEST_PHONE_CELL: Final = 300
# Java and Python write a whole number in scientific form without losing a digit; a spreadsheet keeps five decimals.
_DECIMALS_OF_A_DISPLAY: Final = 5


@dataclass(frozen=True, slots=True)
class OtherDocument:
    """A passport, permit or officer's card: taken as it is written."""

    text: str


Identity = IdentityNumber | OtherDocument
Fault = tuple[Reason, Column]


@dataclass(frozen=True, slots=True)
class Line:
    """One case as the creditor placed it. The first phone is the one to dial."""

    case_no: str
    placed_on: date
    amount: Money
    name: str
    identity: Identity
    phones: tuple[PhoneNumber, ...]
    source: ContactSource
    notices: tuple[tuple[Notice, Column], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Return what a case is recognised by when it comes again."""
        return self.case_no, self.placed_on.isoformat()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A row that cannot be taken, with every fault in it."""

    key: tuple[str, str] | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads the rows of one sheet. `today` decides who is born already; `source` stands in for blank source cells."""

    layout: Layout
    today: date
    source: ContactSource | None = None
    counts_from_1904: bool = False
    date_order: DateOrder = DateOrder.UNKNOWN

    def read(self, cells: Sequence[Cell]) -> Line | BadLine:
        """Read one row; all of its cells are looked at, whatever is wrong with some."""
        positions, width = self.layout.positions, len(cells)

        def cell(column: Column) -> Cell:
            place = positions.get(column, width)
            return cells[place] if place < width else None

        date_cell = cell(Column.PLACED_ON)
        values = (
            _read_case_no(cell(Column.CASE_NO)),
            read_date(date_cell, self.counts_from_1904, self.date_order),
            self._read_amount(cell(Column.AMOUNT), cell(Column.CURRENCY)),
            read_name(cell(Column.NAME)),
            _read_identity(cell(Column.ID_NUMBER), cell(Column.ID_TYPE), self.today),
            _read_phones(cell(Column.PHONE)),
            self._read_source(cell(Column.SOURCE)),
        )
        match values:
            case (
                str() as case_no,
                date() as placed_on,
                Money() as amount,
                str() as name,
                (IdentityNumber() | OtherDocument()) as identity,
                ReadPhones() as read,
                ContactSource() as source,
            ) if not isinstance(case_no, Reason) and not isinstance(name, Reason):
                notices = self._notices(cell(Column.CASE_NO), placed_on, identity, read)
                return Line(case_no, placed_on, amount, name, identity, read.phones, source, notices)
            case _:
                faults = [
                    (value, column) for value, column in zip(values, Column, strict=False) if isinstance(value, Reason)
                ]
                case_no = values[0]
                # A duplicate is a duplicate, also where its date cannot be read.
                key = None if isinstance(case_no, Reason) else (case_no, _date_key(values[1], date_cell))
                return BadLine(key, tuple(faults))

    def _read_amount(self, cell: Cell, currency: Cell) -> Money | Reason:
        amount = read_amount(cell, self.layout.unit)
        if isinstance(amount, Money) and not is_renminbi(text_of(currency)):
            return Reason.BAD_AMOUNT
        return amount

    def _read_source(self, cell: Cell) -> ContactSource | Reason:
        if isinstance(cell, FormulaWithoutValue):
            return Reason.FORMULA_NO_VALUE
        text = text_of(cell)
        if not text:
            return self.source or Reason.MISSING_CONTACT_SOURCE
        return read_contact_source(text) or Reason.BAD_CONTACT_SOURCE

    def _notices(
        self, case_cell: Cell, placed_on: date, identity: Identity, read: ReadPhones
    ) -> tuple[tuple[Notice, Column], ...]:
        first = read.phones[0]
        if (
            first.is_mobile
            and len(read.phones) == 1
            and not read.strange
            and first.is_known
            and placed_on <= self.today
            and isinstance(case_cell, str)
            and isinstance(identity, IdentityNumber)
            and "+" not in case_cell
        ):
            return ()
        told = (
            (Notice.CASE_NO_PRECISION_LOST, Column.CASE_NO, _lost_digits(case_cell)),
            (Notice.DATE_IN_FUTURE, Column.PLACED_ON, placed_on > self.today),
            (Notice.ID_NOT_CHECKED, Column.ID_NUMBER, isinstance(identity, OtherDocument)),
            (Notice.PHONE_IS_LANDLINE, Column.PHONE, not first.is_mobile),
            (Notice.UNKNOWN_PHONE_PREFIX, Column.PHONE, not first.is_known),
            (Notice.SEVERAL_PHONES, Column.PHONE, len(read.phones) > 1 or read.strange > 0),
        )
        return tuple((notice, column) for notice, column, is_so in told if is_so)


@dataclass(frozen=True, slots=True)
class ReadPhones:
    """The numbers of one cell, and how many pieces beside them were none."""

    phones: tuple[PhoneNumber, ...]
    strange: int


def _read_case_no(cell: Cell) -> str | Reason:
    if isinstance(cell, FormulaWithoutValue):
        return Reason.FORMULA_NO_VALUE
    text = without_white(text_of(cell))
    if text.endswith(_POINT_ZERO) and _WHOLE_WITH_POINT.fullmatch(text):
        text = text.partition(".")[0]
    if not text or text.upper() in ERROR_VALUES or text.lower() in _NO_VALUES:
        return Reason.MISSING_REQUIRED
    return text


def _read_identity(cell: Cell, type_cell: Cell, today: date) -> Identity | Reason:
    if isinstance(cell, FormulaWithoutValue):
        return Reason.FORMULA_NO_VALUE
    text = text_of(cell)
    if not text:
        return Reason.MISSING_REQUIRED
    is_resident = _RESIDENT_CARD.fullmatch(without_white(text_of(type_cell))) is not None
    if not is_resident:
        plain = _ID_ORNAMENTS.sub("", text)
        return OtherDocument(plain.upper()) if _OTHER_DOCUMENT.fullmatch(plain) else Reason.BAD_ID_FORMAT
    if _lost_digits(cell):
        return Reason.ID_PRECISION_LOST
    return _read_resident(text, today)


def _read_resident(text: str, today: date) -> IdentityNumber | Reason:
    was_number = text.endswith(_POINT_ZERO) and _WHOLE_WITH_POINT.fullmatch(text) is not None
    plain = _ID_ORNAMENTS.sub("", text.partition(".")[0] if was_number else text)
    match IdentityNumber.read(plain, today):
        case IdentityNumber() as identity:
            return identity
        case IdentityFault.CHECKSUM if was_number or plain.endswith("000"):
            return Reason.ID_PRECISION_LOST
        case IdentityFault.CHECKSUM:
            return Reason.BAD_ID_CHECKSUM
        case IdentityFault.FORMAT:
            return Reason.BAD_ID_FORMAT


def _lost_digits(cell: Cell) -> bool:
    """Say whether a number has more digits than a spreadsheet keeps, also when it has become text meanwhile."""
    match cell:
        case bool():
            return False
        case int() | float():
            return abs(cell) >= 10**_DIGITS_KEPT
        case str():
            found = _SCIENTIFIC.fullmatch(text_of(cell))
            if not found:
                return False
            exponent = int(found["exponent"])
            return exponent >= _DIGITS_KEPT or len(found["decimals"] or "") < min(exponent, _DECIMALS_OF_A_DISPLAY + 1)
        case _:
            return False


def _read_phones(cell: Cell) -> ReadPhones | Reason:
    if isinstance(cell, FormulaWithoutValue):
        return Reason.FORMULA_NO_VALUE
    text = text_of(cell)
    if not text:
        return Reason.MISSING_REQUIRED
    if len(text) > _LONGEST_PHONE_CELL:
        return Reason.BAD_PHONE
    if text.endswith(_POINT_ZERO) and _WHOLE_WITH_POINT.fullmatch(text):
        text = text.partition(".")[0]
    elif _SCIENTIFIC.fullmatch(text):
        if _lost_digits(text):
            return Reason.BAD_PHONE
        text = str(int(float(text)))
    phones, strange = read_numbers(text)
    return ReadPhones(phones, strange) if phones else Reason.BAD_PHONE


def _date_key(value: date | Reason, cell: Cell) -> str:
    return value.isoformat() if isinstance(value, date) else text_of(cell)
