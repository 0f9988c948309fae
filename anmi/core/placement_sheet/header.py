"""Where the header of a sheet stands, below titles and above the cases, and which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from anmi.core.placement_sheet.amounts import UNIT_WORDS, Unit
from anmi.core.placement_sheet.cells import Row, Sheet, text_of
from anmi.core.placement_sheet.columns import (
    MANDATORY,
    PATTERNS,
    STRONG_WORDS,
    WEAK_WORDS,
    Column,
    header_key,
    header_keys,
    is_foreign_money,
    is_known_fact,
    may_not_be_kept,
    unit_word,
)
from anmi.core.placement_sheet.fact_columns import RANKS
from anmi.core.placement_sheet.template import Template

# A header stands within this many written rows, or the sheet has none.
HEADER_WITHIN: Final = 100

# Under such a group a plain "手机" is not the debtor's.
_OTHER_PARTY: Final = re.compile(
    r"联系人|担保人|共同借款人|共借人|共债人|配偶|亲属|亲友|家属|紧急|第三人|朋友|同事|父|母|单位|公司|催收员"
)

Words = Mapping[Column, Mapping[str, int]]


def _ranks(words: Mapping[Column, Sequence[str]]) -> Words:
    return {
        column: {header_key(word): rank for rank, word in reversed(list(enumerate(each)))}
        for column, each in words.items()
    }


_STRONG: Final = _ranks(STRONG_WORDS)
_WEAK: Final = _ranks(WEAK_WORDS)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column stands where. `mapped` and `positions` carry our names, the other lists the sheet's own."""

    header_row: int
    labels: tuple[str, ...]
    positions: Mapping[str, int]
    unknown: tuple[str, ...]
    dropped: tuple[str, ...]
    unit: Unit

    @property
    def mapped(self) -> dict[str, str]:
        """Return each of our columns with the header it has in the sheet."""
        return {name: self.labels[position] for name, position in self.positions.items()}

    def missing(self, has_source: bool) -> tuple[Column, ...]:
        """Return the mandatory columns that are not there; a source given for the whole file stands for a column."""
        return tuple(column for column in self.none_of(has_source) if column not in self.positions)

    @property
    def unnamed(self) -> tuple[int, ...]:
        """Return the places between the columns that have no header."""
        return tuple(place for place, label in enumerate(self.labels) if not label)

    @staticmethod
    def none_of(has_source: bool) -> tuple[Column, ...]:
        """Return what is missing where there is no header at all."""
        return tuple(column for column in MANDATORY if not (has_source and column is Column.SOURCE))

    @property
    def worth(self) -> tuple[int, int]:
        """Return how well this header is understood: mandatory columns first."""
        return sum(column in self.positions for column in MANDATORY), len(self.positions) + len(self.dropped)


def find_header(sheet: Sheet, template: Template, has_source: bool) -> Layout | None:
    """Return the best header of a sheet; None when no row names a column that we know."""
    best: Layout | None = None
    for row, labels in _candidates(sheet.rows[:HEADER_WITHIN]):
        if template.header_row not in (None, row.number):
            continue
        layout = lay_out(row.number, labels, template, has_source)
        if layout.positions and (best is None or layout.worth > best.worth):
            best = layout
    return best


def choose_sheet(sheets: Sequence[Sheet], template: Template, has_source: bool) -> tuple[int, Layout] | None:
    """Return the sheet whose header is understood best, and its layout; hidden sheets are not looked at."""
    found = [
        (index, layout)
        for index, sheet in enumerate(sheets)
        if not sheet.is_hidden and template.sheet in (None, sheet.name)
        if (layout := find_header(sheet, template, has_source))
    ]
    return max(found, key=lambda each: (each[1].worth, -each[0])) if found else None


def lay_out(row_number: int, labels: Sequence[str], template: Template, has_source: bool) -> Layout:
    """Give each of our columns its place, the best word first; what remains is a fact, unknown, or dropped."""
    keys = [header_keys(label) for label in labels]
    dropped = {place for place, ways in enumerate(keys) if any(may_not_be_kept(key) for key in ways)}
    found: dict[str, int] = {}
    taken = set(dropped)

    for words in (_of_template(template), _STRONG, _WEAK):
        for column in Column:
            # A source declared for the file must not lose against a column that may mean a marketing channel.
            if column in found or (words is _WEAK and column is Column.SOURCE and has_source):
                continue
            places = [
                (rank, place)
                for place, ways in enumerate(keys)
                if place not in taken and (rank := _rank(words, column, ways)) is not None
                if not (column is Column.AMOUNT and is_foreign_money(labels[place]))
            ]
            if places:
                found[column] = min(places)[1]
                taken.add(found[column])
    positions: dict[str, int] = {column: found[column] for column in Column if column in found}
    unknown: list[str] = []
    for place, ways in enumerate(keys):
        if place in taken or not ways:
            continue
        fact = next((key for key in ways if is_known_fact(key) or key in RANKS), None)
        if fact and fact not in positions:
            positions[fact] = place
        else:
            unknown.append(labels[place])
    return Layout(
        header_row=row_number,
        labels=tuple(labels),
        positions=positions,
        unknown=tuple(unknown),
        dropped=tuple(labels[place] for place in sorted(dropped)),
        unit=template.amount_unit or _unit(labels, positions),
    )


def _rank(words: Words, column: Column, ways: Sequence[str]) -> int | None:
    """Return how well a header names a column, the lower the better; None when it does not."""
    ranks = words.get(column, {})
    best = min((ranks[key] for key in ways if key in ranks), default=None)
    pattern = PATTERNS.get(column) if words is _STRONG else None
    if best is None and pattern and any(map(pattern.fullmatch, ways)):
        return len(ranks)
    return best


def _of_template(template: Template) -> Words:
    return _ranks(template.columns)


def _unit(labels: Sequence[str], positions: Mapping[str, int]) -> Unit:
    place = positions.get(Column.AMOUNT)
    word = unit_word(labels[place]) if place is not None else None
    return UNIT_WORDS[word] if word else Unit.YUAN


def _candidates(rows: Sequence[Row]) -> Iterator[tuple[Row, list[str]]]:
    """Yield every row as a header, then every two rows as one; a later candidate must be better, not as good."""
    texts = [[text_of(cell) for cell in row.cells] for row in rows]
    yield from zip(rows, texts, strict=True)
    for above, below in zip(range(len(rows)), range(1, len(rows)), strict=False):
        yield rows[below], _two_lines(texts[above], texts[below])


def _two_lines(above: Sequence[str], below: Sequence[str]) -> list[str]:
    labels: list[str] = []
    group = ""
    for place in range(max(len(above), len(below))):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        # A merged cell keeps its text in its first column; the columns right of it belong to it.
        group = upper or group
        if not lower:
            labels.append(upper)
        else:
            labels.append(group + lower if _OTHER_PARTY.search(group) else lower)
    return labels
