"""Reads the sheets that follow a placement: a good row is a `ListLine`, a bad one says all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from anmi.core.money import ZERO, Money
from anmi.core.phone_number import PhoneNumber, read_numbers
from anmi.core.placement_sheet.amounts import UNIT_WORDS, Unit, read_amount
from anmi.core.placement_sheet.cells import ERROR_VALUES, Cell, FormulaWithoutValue, Row, Sheet, text_of, without_white
from anmi.core.placement_sheet.columns import unit_word
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.core.placement_sheet.dates import DateOrder, read_date
from anmi.core.placement_sheet.header import HEADER_WITHIN
from anmi.core.placement_sheet.list_columns import VOCABULARIES, Item, ListKind, places_of
from anmi.core.placement_sheet.reasons import Reason

_LONGEST: Final = 300
_TOTALS: Final = ("合计", "总计", "小计", "total")
_AMOUNTS: Final = (Item.PRINCIPAL, Item.INTEREST, Item.PENALTY, Item.FEE)


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Which column stands where, and what its header is called."""

    header_row: int
    labels: tuple[str, ...]
    places: Mapping[Item, tuple[int, ...]]

    @property
    def mapped(self) -> dict[str, str]:
        """Return each of our columns with its header in the sheet."""
        return {item: self.labels[places[0]] for item, places in self.places.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headers that mean nothing here."""
        known = {place for places in self.places.values() for place in places}
        return tuple(label for place, label in enumerate(self.labels) if label and place not in known)


@dataclass(frozen=True, slots=True)
class ListLine:
    """What a row says of one case."""

    row: int
    case_no: str
    placed_on: date | None = None
    note: str = ""
    phones: tuple[PhoneNumber, ...] = ()
    name: str | None = None
    relation: str | None = None
    address: str | None = None
    kind: str | None = None
    source: ContactSource | None = None
    owing: Money = ZERO
    parts: Mapping[Item, Money] = field(default_factory=dict[Item, Money])


@dataclass(frozen=True, slots=True)
class BadListLine:
    """A row that cannot be taken, with every fault in it."""

    row: int
    faults: tuple[tuple[Reason, Item], ...]


def find_list(kind: ListKind, sheets: Sequence[Sheet], named: Mapping[str, str]) -> tuple[int, ListLayout] | None:
    """Return the sheet whose header is understood best, and its layout; hidden sheets are not looked at."""
    found = [
        (len(layout.places), -index, index, layout)
        for index, sheet in enumerate(sheets)
        if not sheet.is_hidden
        for layout in _layouts(kind, sheet, named)
        if layout.places
    ]
    if not found:
        return None
    _, _, index, layout = max(found, key=lambda each: (each[0], each[1], -each[3].header_row))
    return index, layout


def missing(kind: ListKind, layout: ListLayout | None, *, has_source: bool) -> tuple[Item, ...]:
    """Return the mandatory columns that are not there."""
    there = layout.places if layout else {}
    return tuple(
        item for item in VOCABULARIES[kind].mandatory if item not in there and not (has_source and item is Item.SOURCE)
    )


def _layouts(kind: ListKind, sheet: Sheet, named: Mapping[str, str]) -> Iterator[ListLayout]:
    for row in sheet.rows[:HEADER_WITHIN]:
        labels = tuple(text_of(cell) for cell in row.cells)
        yield ListLayout(row.number, labels, places_of(kind, labels, named))


@dataclass(slots=True)
class ListReader:
    """Reads the rows of one sheet, and knows a case that comes again."""

    kind: ListKind
    layout: ListLayout
    source: ContactSource | None = None
    counts_from_1904: bool = False
    date_order: DateOrder = DateOrder.UNKNOWN
    skipped: int = 0
    _seen: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])

    def read(self, row: Row) -> ListLine | BadListLine | None:
        """Read one row; None for the header, what stands above it, blank rows and totals."""
        if row.number <= self.layout.header_row:
            return None
        texts = [text_of(cell) for cell in row.cells]
        written = [text for text in texts if text]
        if not written or written[0].lower().startswith(_TOTALS):
            self.skipped += 1
            return None
        faults: list[tuple[Reason, Item]] = []
        line = ListLine(
            row=row.number,
            case_no=self._case_no(row, faults),
            placed_on=self._day(row, faults),
            note=self._text(row, Item.NOTE),
            phones=self._phones(row, faults),
            name=self._text(row, Item.NAME) or None,
            relation=self._text(row, Item.RELATION) or None,
            address=self._address(row, faults),
            kind=self._text(row, Item.KIND) or None,
            source=self._source(row, faults),
            owing=self._owing(row, faults),
            parts=self._parts(row, faults),
        )
        key = (line.case_no, line.placed_on, line.phones, line.address)
        if not faults and key in self._seen:
            faults.append((Reason.DUPLICATE_ROW, Item.CASE_NO))
        if faults:
            return BadListLine(row.number, tuple(faults))
        self._seen.add(key)
        return line

    def _cell(self, row: Row, item: Item, nth: int = 0) -> Cell:
        places = self.layout.places.get(item, ())
        return row.cells[places[nth]] if nth < len(places) and places[nth] < len(row.cells) else None

    def _text(self, row: Row, item: Item) -> str:
        return text_of(self._cell(row, item))[:_LONGEST]

    def _case_no(self, row: Row, faults: list[tuple[Reason, Item]]) -> str:
        cell = self._cell(row, Item.CASE_NO)
        text = without_white(text_of(cell)).removesuffix(".0")
        if isinstance(cell, FormulaWithoutValue):
            faults.append((Reason.FORMULA_NO_VALUE, Item.CASE_NO))
        elif not text or text.upper() in ERROR_VALUES:
            faults.append((Reason.MISSING_REQUIRED, Item.CASE_NO))
        return text

    def _day(self, row: Row, faults: list[tuple[Reason, Item]]) -> date | None:
        cell = self._cell(row, Item.PLACED_ON)
        if not text_of(cell):
            return None
        day = read_date(cell, self.counts_from_1904, self.date_order)
        if isinstance(day, date):
            return day
        faults.append((day, Item.PLACED_ON))
        return None

    def _phones(self, row: Row, faults: list[tuple[Reason, Item]]) -> tuple[PhoneNumber, ...]:
        if self.kind is not ListKind.PHONES:
            return ()
        text = self._text(row, Item.PHONE).removesuffix(".0")
        numbers = read_numbers(text)[0] if text else ()
        if not numbers:
            faults.append((Reason.BAD_PHONE if text else Reason.MISSING_REQUIRED, Item.PHONE))
        return numbers

    def _address(self, row: Row, faults: list[tuple[Reason, Item]]) -> str | None:
        if self.kind is not ListKind.ADDRESSES:
            return None
        text = self._text(row, Item.ADDRESS)
        if not text:
            faults.append((Reason.MISSING_REQUIRED, Item.ADDRESS))
        return text

    def _source(self, row: Row, faults: list[tuple[Reason, Item]]) -> ContactSource | None:
        if Item.SOURCE not in VOCABULARIES[self.kind].mandatory:
            return None
        text = self._text(row, Item.SOURCE)
        source = read_contact_source(text) if text else self.source
        if source is None:
            faults.append((Reason.BAD_CONTACT_SOURCE if text else Reason.MISSING_CONTACT_SOURCE, Item.SOURCE))
        return source

    def _owing(self, row: Row, faults: list[tuple[Reason, Item]]) -> Money:
        if self.kind is not ListKind.BALANCES:
            return ZERO
        return self._amount(row, Item.OWING, 0, faults)

    def _parts(self, row: Row, faults: list[tuple[Reason, Item]]) -> dict[Item, Money]:
        parts: dict[Item, Money] = {}
        for item in _AMOUNTS if self.kind is ListKind.BALANCES else ():
            for nth in range(len(self.layout.places.get(item, ()))):
                if text_of(self._cell(row, item, nth)):
                    parts[item] = parts.get(item, ZERO) + self._amount(row, item, nth, faults)
        return parts

    def _amount(self, row: Row, item: Item, nth: int, faults: list[tuple[Reason, Item]]) -> Money:
        """Read an amount that may be nothing: a debt can have been paid meanwhile."""
        cell = self._cell(row, item, nth)
        text = text_of(cell)
        if text and not text.strip("0.,¥￥元 "):
            return ZERO
        place = self.layout.places[item][nth]
        word = unit_word(self.layout.labels[place])
        amount = read_amount(cell, UNIT_WORDS[word] if word else Unit.YUAN)
        if isinstance(amount, Money):
            return amount
        faults.append((amount, item))
        return ZERO
