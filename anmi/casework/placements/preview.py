"""The first rows of a sheet for somebody who checks the columns: recognisable, and masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anmi.casework.placements.reading import Reading
from anmi.core.masking import mask_address, mask_card, mask_digits, mask_id_number, mask_name, mask_phone
from anmi.core.placement_sheet.cells import text_of, without_white
from anmi.core.placement_sheet.columns import Column
from anmi.core.placement_sheet.fact_columns import AddressOf, Fact, OwnPhone, Party, meaning_of

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


def preview(sheet: Reading) -> Preview:
    """Return the first rows of a sheet, masked column by column."""
    layout = sheet.begun.layout
    columns = {place: name for name, place in layout.positions.items()}
    masks = [_mask_of(columns.get(place), label) for place, label in enumerate(layout.labels)]
    rows = [
        PreviewRow(row.number, [mask(text_of(cell)) for mask, cell in zip(masks, row.cells, strict=False)])
        for row in sheet.first(ROWS)
    ]
    return Preview(layout.labels, rows)


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
