"""The first rows of a sheet for somebody who checks the columns: recognisable, and masked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.lists import reading_list
from anmi.casework.placements.reading import Asked, reading
from anmi.core.masking import mask_address, mask_card, mask_digits, mask_id_number, mask_name, mask_phone
from anmi.core.placement_sheet.cells import Row, text_of, without_white
from anmi.core.placement_sheet.columns import Column
from anmi.core.placement_sheet.fact_columns import AddressOf, Fact, OwnPhone, Party, meaning_of
from anmi.core.placement_sheet.list_columns import Item, ListKind
from anmi.kit.keyring import Keyring

ROWS: Final = 20

Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as the sheet numbers it."""

    row: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """The header and the first rows below it."""

    labels: Sequence[str]
    rows: Sequence[PreviewRow]


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet of any kind that is open: its header, how each column is masked, and the rows below."""

    labels: Sequence[str]
    masks: Sequence[Mask]
    rows: Iterator[Row]


@asynccontextmanager
async def open_sheet(files: SheetFiles, keyring: Keyring, asked: Asked, sheet: str) -> AsyncGenerator[OpenSheet]:
    """Open a sheet of any kind; raise Refused where it is refused as a whole."""
    if sheet in list(ListKind):
        async with reading_list(files, keyring, asked, ListKind(sheet)) as listed:
            items = {place: item for item, places in listed.layout.places.items() for place in places}
            masks = [_OF_ITEM.get(items.get(place), mask_unknown) for place in range(len(listed.layout.labels))]
            yield OpenSheet(listed.layout.labels, masks, listed.rows())
        return
    async with reading(files, keyring, asked) as cases:
        layout = cases.begun.layout
        columns = {place: name for name, place in layout.positions.items()}
        masks = [_mask_of(columns.get(place), label) for place, label in enumerate(layout.labels)]
        yield OpenSheet(layout.labels, masks, cases.rows())


def preview(sheet: OpenSheet) -> Preview:
    """Return the first rows of a sheet, masked column by column."""
    rows = [
        PreviewRow(row.number, [mask(text_of(cell)) for mask, cell in zip(sheet.masks, row.cells, strict=False)])
        for row in islice(sheet.rows, ROWS)
    ]
    return Preview(sheet.labels, rows)


def mask_unknown(text: str) -> str:
    """Keep the first two characters of what might be anything."""
    return text[:2] + "***" if len(text) > 2 else text[:1] + "*" if text else ""


def _as_it_is(text: str) -> str:
    return mask_digits(text)


_OF_COLUMN: Final[Mapping[str, Mask]] = {
    Column.NAME: mask_name,
    Column.ID_NUMBER: lambda text: mask_id_number(without_white(text)),
    Column.PHONE: lambda text: mask_phone(without_white(text)),
    Column.CASE_NO: str,
    Column.PLACED_ON: str,
    Column.AMOUNT: str,
    Column.SOURCE: _as_it_is,
    Column.ID_TYPE: _as_it_is,
    Column.CURRENCY: _as_it_is,
}

_OF_ITEM: Final[Mapping[Item | None, Mask]] = {
    **dict.fromkeys((Item.CASE_NO, Item.PLACED_ON, Item.RELATION, Item.SOURCE, Item.KIND), str),
    **dict.fromkeys((Item.OWING, Item.PRINCIPAL, Item.INTEREST, Item.PENALTY, Item.FEE), str),
    **dict.fromkeys((Item.PAID, Item.PAID_ON, Item.METHOD, Item.APPROVED, Item.VALID_UNTIL, Item.ANSWER), str),
    Item.PAYER: mask_name,
    Item.REFERENCE: mask_card,
    Item.PHONE: _OF_COLUMN[Column.PHONE],
    Item.NAME: mask_name,
    Item.ADDRESS: mask_address,
    Item.NOTE: mask_unknown,
}


def _mask_of(column: str | None, label: str) -> Mask:
    if column in _OF_COLUMN:
        return _OF_COLUMN[column]
    meaning = meaning_of(label)
    match meaning[0] if meaning else None:
        case Fact.ACCOUNT_NO | Fact.CONTRACT_NO:
            mask: Mask = mask_card
        case Fact() | Party(what="relation"):
            mask = str
        case OwnPhone() | Party(what="mobile" | "home" | "work"):
            mask = _OF_COLUMN[Column.PHONE]
        case AddressOf():
            mask = mask_address
        case Party():
            mask = mask_name
        case _:
            mask = mask_unknown
    return mask
