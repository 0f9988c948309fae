"""What a row tells of its case beside the mandatory columns: dates, parts of the debt, further numbers and addresses.

None of this refuses a row. What cannot be read, and what we have no column for, is kept as it was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from anmi.core.contact_rules.facts import Relation
from anmi.core.money import ZERO, Money, total
from anmi.core.phone_number import PhoneNumber, read_numbers
from anmi.core.placement_sheet.amounts import UNIT_WORDS, Unit, read_amount
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, text_of, without_white
from anmi.core.placement_sheet.columns import Column, unit_word
from anmi.core.placement_sheet.dates import DateOrder, read_date
from anmi.core.placement_sheet.fact_columns import SUMS, AddressOf, Fact, Meaning, OwnPhone, Party, meaning_of
from anmi.core.placement_sheet.header import Layout

REASON_LABEL: Final = "原因"
"""The column that our own list of findings carries; it is no fact when the mended list comes back."""

_LONGEST_FACT: Final = 1000
_LONGEST_PHONE_CELL: Final = 300
_MOST_DAYS: Final = 20_000
_GENDERS: Final = {"男": "male", "男性": "male", "m": "male", "male": "male"} | {
    "女": "female",
    "女性": "female",
    "f": "female",
    "female": "female",
}
_CHECKED: Final = frozenset(Column)
_DATES: Final = (Fact.DUE_BACK_ON, Fact.OVERDUE_ON, Fact.LOAN_ON, Fact.LAST_DUE_ON)
_TEXTS: Final = (Fact.ACCOUNT_NO, Fact.CONTRACT_NO, Fact.BUCKET, Fact.PROVINCE, Fact.CITY)


@dataclass(frozen=True, slots=True)
class Components:
    """The parts of what is owed."""

    principal: Money = ZERO
    interest: Money = ZERO
    penalty: Money = ZERO
    fee: Money = ZERO

    @property
    def total(self) -> Money:
        return total([self.principal, self.interest, self.penalty, self.fee])


def split_amount(placed: Money, told: Mapping[Fact, Money]) -> tuple[Components, bool]:
    """Divide the amount placed into its parts as the sheet tells them; say whether the sheet agrees with itself.

    What was placed is what is owed. Parts that do not add up to it are not believed: then all of it is principal.
    """
    interest, penalty, fee = (told.get(fact, ZERO) for fact in (Fact.INTEREST, Fact.PENALTY, Fact.FEE))
    beside = total([interest, penalty, fee])
    principal = told.get(Fact.PRINCIPAL, placed - beside)
    if principal.fen >= 0 and principal + beside == placed:
        return Components(principal, interest, penalty, fee), True
    return Components(principal=placed), False


@dataclass(frozen=True, slots=True)
class OtherPhone:
    """A further number: the debtor's own, or somebody's beside her."""

    number: PhoneNumber
    kind: str
    relation: Relation = Relation.DEBTOR
    relation_text: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What a row tells beside the mandatory columns. `extra` keeps the rest under the sheet's own headers."""

    dates: Mapping[Fact, date] = field(default_factory=dict[Fact, date])
    amounts: Mapping[Fact, Money] = field(default_factory=dict[Fact, Money])
    texts: Mapping[Fact, str] = field(default_factory=dict[Fact, str])
    days_past_due: int | None = None
    statement_day: int | None = None
    gender: str | None = None
    phones: tuple[OtherPhone, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class _Draft:
    dates: dict[Fact, date] = field(default_factory=dict[Fact, date])
    amounts: dict[Fact, Money] = field(default_factory=dict[Fact, Money])
    texts: dict[Fact, str] = field(default_factory=dict[Fact, str])
    numbers: dict[Fact, int] = field(default_factory=dict[Fact, int])
    gender: str | None = None
    phones: list[OtherPhone] = field(default_factory=list[OtherPhone])
    addresses: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    parties: defaultdict[tuple[str, str], dict[str, str]] = field(
        default_factory=lambda: defaultdict[tuple[str, str], dict[str, str]](dict)
    )


class FactReader:
    """Reads what stands beside the mandatory columns of one sheet."""

    def __init__(
        self, layout: Layout, counts_from_1904: bool = False, date_order: DateOrder = DateOrder.UNKNOWN
    ) -> None:
        self._labels = layout.labels
        self._counts_from_1904 = counts_from_1904
        self._date_order = date_order
        self._places = _places(layout)
        self._parties = {meaning for _, meaning in self._places if isinstance(meaning, Party)}
        self._units = {
            place: UNIT_WORDS[word] if (word := unit_word(layout.labels[place])) else Unit.YUAN
            for place, _ in self._places
        }

    def read(self, cells: Sequence[Cell]) -> CaseFacts:
        """Read one row."""
        if not self._places:
            return _NOTHING
        draft, extra = _Draft(), dict[str, str]()
        for place, meaning in self._places:
            cell = cells[place] if place < len(cells) else None
            if cell is None or isinstance(cell, FormulaWithoutValue):
                continue
            text = text_of(cell)
            if text and not self._take(draft, meaning, place, cell, text):
                extra[self._labels[place]] = text[:_LONGEST_FACT]
        self._take_parties(draft)
        return CaseFacts(
            draft.dates,
            draft.amounts,
            draft.texts,
            draft.numbers.get(Fact.DAYS_PAST_DUE),
            draft.numbers.get(Fact.STATEMENT_DAY),
            draft.gender,
            tuple(draft.phones),
            tuple(draft.addresses),
            extra,
        )

    def _take(self, draft: _Draft, meaning: Meaning | None, place: int, cell: Cell, text: str) -> bool:
        """Read one cell into the draft; say whether it could be read."""
        match meaning:
            case None:
                return False
            case OwnPhone(kind):
                numbers = _numbers(text)
                draft.phones.extend(OtherPhone(number, kind) for number in numbers)
                return bool(numbers)
            case AddressOf(kind):
                draft.addresses.append((kind, text[:_LONGEST_FACT]))
                return True
            case Party(word, number, _, what):
                if what in ("name", "relation"):
                    draft.parties[word, number][what] = text[:_LONGEST_FACT]
                    return False
                draft.parties[word, number][what] = text
                return bool(_numbers(text))
            case Fact():
                return self._take_fact(draft, meaning, place, cell, text)

    def _take_fact(self, draft: _Draft, fact: Fact, place: int, cell: Cell, text: str) -> bool:
        if fact in _DATES:
            day = read_date(cell, self._counts_from_1904, self._date_order)
            if isinstance(day, date):
                draft.dates[fact] = day
            return isinstance(day, date)
        if fact in _TEXTS:
            draft.texts[fact] = without_white(text)[:100]
            return True
        match fact:
            case Fact.GENDER:
                draft.gender = _GENDERS.get(text.lower())
                return draft.gender is not None
            case Fact.DAYS_PAST_DUE | Fact.STATEMENT_DAY:
                most = _MOST_DAYS if fact is Fact.DAYS_PAST_DUE else 31
                digits = text.removesuffix("天").removesuffix("日").removesuffix(".0")
                if not (digits.isascii() and digits.isdigit() and len(digits) < 6 and int(digits) <= most):
                    return False
                draft.numbers[fact] = int(digits)
                return True
            case _:
                amount = _amount(cell, text, self._units[place])
                if amount is not None:
                    draft.amounts[fact] = draft.amounts.get(fact, ZERO) + amount
                return amount is not None

    def _take_parties(self, draft: _Draft) -> None:
        relations = {(party.word, party.number): party.relation for party in self._parties}
        for (word, number), told in draft.parties.items():
            for kind in ("mobile", "home", "work"):
                draft.phones.extend(
                    OtherPhone(
                        each,
                        kind,
                        relations[word, number],
                        told.get("relation") or (None if word == "联系人" else word),
                        told.get("name"),
                    )
                    for each in _numbers(told.get(kind, ""))
                )


_NOTHING: Final = CaseFacts()


def _places(layout: Layout) -> list[tuple[int, Meaning | None]]:
    """Return what stands where, beside the columns that the check reads itself."""
    taken = {place for name, place in layout.positions.items() if name in _CHECKED}
    found: list[tuple[int, Meaning | None, int]] = []
    for place, label in enumerate(layout.labels):
        if not label or place in taken or label in layout.dropped or label == REASON_LABEL:
            continue
        meaning, rank = meaning_of(label) or (None, 0)
        found.append((place, meaning, rank))
    best: dict[Fact, int] = {}
    for _, meaning, rank in found:
        if isinstance(meaning, Fact):
            best[meaning] = min(best.get(meaning, rank), rank)
    chosen: list[tuple[int, Meaning | None]] = []
    for place, meaning, rank in found:
        is_second = isinstance(meaning, Fact) and meaning not in SUMS and rank > best[meaning]
        chosen.append((place, None if is_second else meaning))
    return chosen


def _numbers(text: str) -> tuple[PhoneNumber, ...]:
    return read_numbers(text.removesuffix(".0"))[0] if 0 < len(text) <= _LONGEST_PHONE_CELL else ()


def _amount(cell: Cell, text: str, unit: Unit) -> Money | None:
    if not text.strip("0.,-¥￥元 "):
        return ZERO
    amount = read_amount(cell, unit)
    return amount if isinstance(amount, Money) else None
