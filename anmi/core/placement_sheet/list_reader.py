"""Reads the sheets that follow a placement: a good row is a `ListLine`, a bad one says all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from anmi.core.creditor_answers import CreditorAnswer
from anmi.core.money import ZERO, Money
from anmi.core.phone_number import PhoneNumber, read_numbers
from anmi.core.placement_sheet.cells import Row, Sheet, text_of
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.core.placement_sheet.dates import DateOrder
from anmi.core.placement_sheet.header import HEADER_WITHIN
from anmi.core.placement_sheet.list_cells import ListCells, ListLayout
from anmi.core.placement_sheet.list_columns import VOCABULARIES, Item, ListKind, places_of
from anmi.core.placement_sheet.reasons import Reason

_TOTALS: Final = ("合计", "总计", "小计", "total")
_AMOUNTS: Final = (Item.PRINCIPAL, Item.INTEREST, Item.PENALTY, Item.FEE)
# A word that refuses comes first: 不同意 holds 同意.
_REFUSALS: Final = ("不", "未", "拒", "驳回", "否", "退回", "no", "reject", "refuse", "decline")
_APPROVALS: Final = ("同意", "批准", "通过", "批复", "准予", "成功", "是", "yes", "approve", "agree", "grant")


@dataclass(frozen=True, slots=True)
class PaidLine:
    """Money that the creditor says has come."""

    amount: Money
    paid_on: date
    payer: str | None = None
    method: str | None = None
    reference: str | None = None


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
    paid: PaidLine | None = None
    answer: CreditorAnswer | None = None


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
        written = [text for cell in row.cells if (text := text_of(cell))]
        if not written or written[0].lower().startswith(_TOTALS):
            self.skipped += 1
            return None
        cells = ListCells(row, self.layout, self.counts_from_1904, self.date_order)
        is_balance = self.kind is ListKind.BALANCES
        line = ListLine(
            row=row.number,
            case_no=cells.case_no(),
            placed_on=cells.day(Item.PLACED_ON),
            note=cells.text(Item.NOTE),
            phones=_phones(cells) if self.kind is ListKind.PHONES else (),
            name=cells.text(Item.NAME) or None,
            relation=cells.text(Item.RELATION) or None,
            address=cells.needed(Item.ADDRESS) if self.kind is ListKind.ADDRESSES else None,
            kind=cells.text(Item.KIND) or None,
            source=self._source(cells),
            owing=cells.amount(Item.OWING) if is_balance else ZERO,
            parts=_parts(cells) if is_balance else {},
            paid=_paid(cells) if self.kind is ListKind.PAYMENTS else None,
            answer=_answer(cells) if self.kind is ListKind.CONCESSIONS else None,
        )
        key = (line.case_no, line.placed_on, line.phones, line.address, line.paid and _same(line.paid))
        if not cells.faults and key in self._seen:
            cells.blame(Reason.DUPLICATE_ROW, Item.CASE_NO)
        if cells.faults:
            return BadListLine(row.number, tuple(cells.faults))
        self._seen.add(key)
        return line

    def _source(self, cells: ListCells) -> ContactSource | None:
        if Item.SOURCE not in VOCABULARIES[self.kind].mandatory:
            return None
        text = cells.text(Item.SOURCE)
        source = read_contact_source(text) if text else self.source
        if source is None:
            cells.blame(Reason.BAD_CONTACT_SOURCE if text else Reason.MISSING_CONTACT_SOURCE, Item.SOURCE)
        return source


def _phones(cells: ListCells) -> tuple[PhoneNumber, ...]:
    text = cells.needed(Item.PHONE).removesuffix(".0")
    numbers = read_numbers(text)[0] if text else ()
    if text and not numbers:
        cells.blame(Reason.BAD_PHONE, Item.PHONE)
    return numbers


def _parts(cells: ListCells) -> dict[Item, Money]:
    parts: dict[Item, Money] = {}
    for item in _AMOUNTS:
        for nth in range(len(cells.layout.places.get(item, ()))):
            if text_of(cells.cell(item, nth)):
                parts[item] = parts.get(item, ZERO) + cells.amount(item, nth)
    return parts


def _paid(cells: ListCells) -> PaidLine | None:
    amount, paid_on = cells.positive(Item.PAID), cells.day(Item.PAID_ON, is_needed=True)
    if paid_on is None:
        return None
    return PaidLine(
        amount,
        paid_on,
        cells.text(Item.PAYER) or None,
        cells.text(Item.METHOD) or None,
        cells.text(Item.REFERENCE).removesuffix(".0") or None,
    )


def _same(paid: PaidLine) -> tuple[object, ...]:
    """Return what two rows share that speak of one payment."""
    return paid.amount, paid.paid_on, paid.reference


def _answer(cells: ListCells) -> CreditorAnswer | None:
    word = cells.text(Item.ANSWER).lower()
    if word.startswith(_REFUSALS):
        return CreditorAnswer(grants=False)
    if word and not any(part in word for part in _APPROVALS):
        cells.blame(Reason.BAD_ANSWER, Item.ANSWER)
        return None
    is_told = bool(text_of(cells.cell(Item.APPROVED)))
    approved = cells.positive(Item.APPROVED) if is_told or not word else None
    return CreditorAnswer(grants=True, approved=approved, valid_until=cells.day(Item.VALID_UNTIL, is_needed=True))
