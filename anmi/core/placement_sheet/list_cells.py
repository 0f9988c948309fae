"""The cells of one row of a list by their columns; what cannot be read is noted as a fault of the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from anmi.core.money import ZERO, Money
from anmi.core.placement_sheet.amounts import UNIT_WORDS, Unit, read_amount
from anmi.core.placement_sheet.cells import ERROR_VALUES, Cell, FormulaWithoutValue, Row, text_of, without_white
from anmi.core.placement_sheet.columns import unit_word
from anmi.core.placement_sheet.dates import DateOrder, read_date
from anmi.core.placement_sheet.list_columns import Item
from anmi.core.placement_sheet.reasons import Reason

_LONGEST: Final = 300


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
class ListCells:
    """One row, asked column by column."""

    row: Row
    layout: ListLayout
    counts_from_1904: bool = False
    date_order: DateOrder = DateOrder.UNKNOWN
    faults: list[tuple[Reason, Item]] = field(default_factory=list[tuple[Reason, Item]])

    def cell(self, item: Item, nth: int = 0) -> Cell:
        """Return the cell of a column, or of the nth of several such columns."""
        places = self.layout.places.get(item, ())
        return self.row.cells[places[nth]] if nth < len(places) and places[nth] < len(self.row.cells) else None

    def text(self, item: Item) -> str:
        """Return what a cell says."""
        return text_of(self.cell(item))[:_LONGEST]

    def needed(self, item: Item) -> str:
        """Return what a cell says that must not be blank."""
        text = self.text(item)
        if not text:
            self.blame(Reason.MISSING_REQUIRED, item)
        return text

    def case_no(self) -> str:
        """Return the number of the case."""
        cell = self.cell(Item.CASE_NO)
        text = without_white(text_of(cell)).removesuffix(".0")
        if isinstance(cell, FormulaWithoutValue):
            self.blame(Reason.FORMULA_NO_VALUE, Item.CASE_NO)
        elif not text or text.upper() in ERROR_VALUES:
            self.blame(Reason.MISSING_REQUIRED, Item.CASE_NO)
        return text

    def day(self, item: Item, *, is_needed: bool = False) -> date | None:
        """Return a day, None where the cell is blank."""
        cell = self.cell(item)
        if not text_of(cell) and not isinstance(cell, FormulaWithoutValue):
            if is_needed:
                self.blame(Reason.MISSING_REQUIRED, item)
            return None
        day = read_date(cell, self.counts_from_1904, self.date_order)
        if isinstance(day, date):
            return day
        self.blame(day, item)
        return None

    def positive(self, item: Item) -> Money:
        """Return an amount above nothing."""
        return self._amount(item, 0)

    def amount(self, item: Item, nth: int = 0) -> Money:
        """Return an amount that may be nothing: a debt can have been paid meanwhile."""
        text = text_of(self.cell(item, nth))
        if text and not text.strip("0.,¥￥元 "):
            return ZERO
        return self._amount(item, nth)

    def blame(self, reason: Reason, item: Item) -> None:
        """Note a fault."""
        self.faults.append((reason, item))

    def _amount(self, item: Item, nth: int) -> Money:
        word = unit_word(self.layout.labels[self.layout.places[item][nth]])
        amount = read_amount(self.cell(item, nth), UNIT_WORDS[word] if word else Unit.YUAN)
        if isinstance(amount, Money):
            return amount
        self.blame(amount, item)
        return ZERO
