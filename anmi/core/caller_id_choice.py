"""Which of the agency's numbers is shown: one of the debtor's city, else of the province, else of the whole country.

Only numbers that were leased are ever shown (反电诈法 art. 13, 14: the true calling number, nothing forged). Among
those of the same nearness the one shown least today is shown next, so that the load spreads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

from anmi.core.permissions import Words


class Unfit(StrEnum):
    """Why a number is not shown."""

    ENDED = "ended"
    RESTING = "resting"
    LEASE_OVER = "lease_over"
    TOO_MANY_COMPLAINTS = "too_many_complaints"
    OVER_CEILING = "over_ceiling"
    COOLING_DOWN = "cooling_down"
    ANOTHER_UNIT = "another_unit"
    ANOTHER_PLACE = "another_place"
    TRUNK_UNUSABLE = "trunk_unusable"


UNFIT_WORDS: Final[dict[Unfit, Words]] = {
    Unfit.ENDED: Words("已停用", "ended"),
    Unfit.RESTING: Words("休息中", "resting"),
    Unfit.LEASE_OVER: Words("租用已到期", "lease is over"),
    Unfit.TOO_MANY_COMPLAINTS: Words("投诉过多", "too many complaints"),
    Unfit.OVER_CEILING: Words("已达当日上限", "over its daily ceiling"),
    Unfit.COOLING_DOWN: Words("冷却中", "cooling down"),
    Unfit.ANOTHER_UNIT: Words("分配给其他部门", "given to another unit"),
    Unfit.ANOTHER_PLACE: Words("归属地不符", "of another place"),
    Unfit.TRUNK_UNUSABLE: Words("线路不可用", "its trunk is not usable"),
}


class Nearness(IntEnum):
    """How near a number is to the one who is called."""

    CITY = 0
    PROVINCE = 1
    COUNTRY = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where the one who is called comes from, as far as it is known."""

    province: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One leased number, and how it stands at this moment."""

    id: UUID
    province: str | None
    city: str | None
    is_active: bool
    rests_until: datetime | None
    leased_until: date | None
    daily_ceiling: int
    shown_today: int
    cool_down: timedelta
    last_shown_at: datetime | None
    complaints: int
    complaint_ceiling: int
    has_ended: bool = False
    is_ours: bool = True
    """Given to the unit that calls, or to everybody."""
    trunk_rank: int | None = 0
    """Of its trunk; None where no call can go over it now."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The numbers that may be shown, the best first; and why the others may not."""

    fit: tuple[UUID, ...]
    unfit: Mapping[Unfit, int]


def choose(wanted: Place, numbers: Iterable[Shown], now: datetime, today: date) -> Choice:
    """Order the numbers that may be shown to somebody, and count the reasons against the rest."""
    fit: list[tuple[tuple[int, int, int, str], UUID]] = []
    unfit: Counter[Unfit] = Counter()
    for number in numbers:
        nearness = _nearness(wanted, number)
        against = unfitness(number, now, today) or (Unfit.ANOTHER_PLACE if nearness is None else None)
        if against is not None:
            unfit[against] += 1
        elif nearness is not None:
            order = (nearness, number.trunk_rank or 0, number.shown_today, str(number.id))
            fit.append((order, number.id))
    return Choice(tuple(each for _, each in sorted(fit)), dict(unfit))


def unfitness(number: Shown, now: datetime, today: date) -> Unfit | None:
    """Say why a number is shown to nobody now, the most lasting reason first; None where it may be shown."""
    lease, rest, last = number.leased_until, number.rests_until, number.last_shown_at
    against = {
        Unfit.ENDED: number.has_ended,
        Unfit.LEASE_OVER: lease is not None and lease < today,
        Unfit.TOO_MANY_COMPLAINTS: number.complaints >= number.complaint_ceiling,
        Unfit.RESTING: not number.is_active or (rest is not None and rest > now),
        Unfit.ANOTHER_UNIT: not number.is_ours,
        Unfit.TRUNK_UNUSABLE: number.trunk_rank is None,
        Unfit.OVER_CEILING: number.shown_today >= number.daily_ceiling,
        # Whoever waited for the number came by an earlier clock: one that need not cool down never does.
        Unfit.COOLING_DOWN: last is not None and bool(number.cool_down) and last + number.cool_down > now,
    }
    return next((reason for reason, holds in against.items() if holds), None)


def _nearness(wanted: Place, number: Shown) -> Nearness | None:
    if number.city is None and number.province is None:
        return Nearness.COUNTRY
    if number.city is not None and number.city == wanted.city and number.province in {None, wanted.province}:
        return Nearness.CITY
    if number.province is not None and number.province == wanted.province:
        return Nearness.PROVINCE
    return None
