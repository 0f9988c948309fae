"""The values a rule can have, and what it means that one is as strict as another.

An override is compared with the row it stands beside; what cannot be compared as stricter is loosening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Protocol, Self, cast

from anmi.core.contact_rules.facts import Effect
from anmi.core.number_state import NumberState
from anmi.core.tables import names


class Value(Protocol):
    """One rule's value."""

    @classmethod
    def read(cls, data: object) -> Self:
        """Read the value from a loaded table; raise ValueError saying what is expected."""
        ...

    def is_as_strict_as(self, other: Any) -> bool:
        """Whether everything `other` refuses is refused here too."""
        ...


@dataclass(frozen=True, slots=True)
class Required:
    """A plain demand with nothing to tune."""

    @classmethod
    def read(cls, data: object) -> Self:
        if data is not True:
            raise ValueError("expected true: to end a rule, give it a last day")
        return cls()

    def is_as_strict_as(self, other: Required) -> bool:
        return self == other


@dataclass(frozen=True, slots=True)
class ClosedHours:
    """The hours of the day without contact, from `start` up to `end`, over midnight where `end` is earlier."""

    start: time
    end: time

    @classmethod
    def read(cls, data: object) -> Self:
        match data:
            case {"from": str(start), "to": str(end)} if len(start) == len(end) == len("22:00") and start != end:
                return cls(time.fromisoformat(start), time.fromisoformat(end))
            case _:
                raise ValueError("expected from and to, two different times of the day as 22:00")

    def includes(self, clock: time) -> bool:
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def is_as_strict_as(self, other: ClosedHours) -> bool:
        def minutes(start: time, end: time) -> int:
            return ((end.hour - start.hour) * 60 + end.minute - start.minute) % (24 * 60)

        lead = minutes(self.start, other.start)
        return lead + minutes(other.start, other.end) <= minutes(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Caps:
    """At most `count` within `days` calendar days, today included; all of the pairs hold."""

    limits: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, data: object) -> Self:
        rows = cast("list[object]", data if isinstance(data, list) else [data])
        limits: list[tuple[int, int]] = []
        for row in rows:
            match row:
                case {"count": int(count), "days": int(days)} if 0 <= count <= 10_000 and 1 <= days <= 366:
                    limits.append((count, days))
                case _:
                    raise ValueError("expected count and days")
        return cls(tuple(limits))

    def is_as_strict_as(self, other: Caps) -> bool:
        return all(
            any(count <= other_count and days >= other_days for count, days in self.limits)
            for other_count, other_days in other.limits
        )


@dataclass(frozen=True, slots=True)
class LeastTime:
    """A time that must have passed."""

    passed: timedelta

    @classmethod
    def read(cls, data: object) -> Self:
        match data:
            case {"minutes": int(minutes)} if 0 < minutes <= 366 * 24 * 60:
                return cls(timedelta(minutes=minutes))
            case _:
                raise ValueError("expected minutes")

    def is_as_strict_as(self, other: LeastTime) -> bool:
        return self.passed >= other.passed


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A least number."""

    count: int

    @classmethod
    def read(cls, data: object) -> Self:
        match data:
            case {"count": int(count)} if count >= 1:
                return cls(count)
            case _:
                raise ValueError("expected count")

    def is_as_strict_as(self, other: AtLeast) -> bool:
        return self.count >= other.count


@dataclass(frozen=True, slots=True)
class AllowedOnly:
    """What is not named here is refused."""

    names: frozenset[str]

    @classmethod
    def read(cls, data: object) -> Self:
        return cls(frozenset(names(data, "value")))

    def is_as_strict_as(self, other: AllowedOnly) -> bool:
        return self.names <= other.names


@dataclass(frozen=True, slots=True)
class NeverDialed:
    """The number states that are not dialed."""

    states: frozenset[NumberState]

    @classmethod
    def read(cls, data: object) -> Self:
        return cls(frozenset(NumberState(name) for name in names(data, "value")))

    def is_as_strict_as(self, other: NeverDialed) -> bool:
        return self.states >= other.states


@dataclass(frozen=True, slots=True)
class FestivalDays:
    """Days kept free around the Chinese new year's day, which is day 0; new year's eve is -1."""

    first: int
    last: int

    @classmethod
    def read(cls, data: object) -> Self:
        match data:
            case {"first": int(first), "last": int(last)} if -15 <= first <= last <= 15:
                return cls(first, last)
            case _:
                raise ValueError("expected first and last, days from the new year's day")

    def is_as_strict_as(self, other: FestivalDays) -> bool:
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Effects:
    """What each hold reason or special flag does to contact, and for how many days a PAUSE lasts at least."""

    of: Mapping[str, tuple[Effect, int]]

    @classmethod
    def read(cls, data: object) -> Self:
        rows = cast("Mapping[str, object]", data) if isinstance(data, Mapping) else {"": data}
        effects: dict[str, tuple[Effect, int]] = {}
        for name, row in rows.items():
            match row:
                case str(effect) if name:
                    effects[name] = Effect(effect), 0
                case {"effect": str(effect), "days": int(days)} if 0 <= days <= 3660:
                    effects[name] = Effect(effect), days
                case _:
                    raise ValueError(f"expected a table of effects, with days where one is a pause: {name}")
        return cls(effects)

    def is_as_strict_as(self, other: Effects) -> bool:
        return all(name in self.of and _covers(self.of[name], theirs) for name, theirs in other.of.items())


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """The grounds on which a contact person may be asked, and when a debtor counts as out of reach (失联)."""

    grounds: frozenset[str]
    unanswered_in_a_row: int
    unanswered_days: int
    dead_states: frozenset[NumberState]

    @classmethod
    def read(cls, data: object) -> Self:
        match data:
            case {
                "grounds": grounds,
                "unanswered_in_a_row": int(in_a_row),
                "unanswered_days": int(days),
                "dead_states": dead_states,
            } if in_a_row >= 1 and days >= 1:
                dead = frozenset(NumberState(name) for name in names(dead_states, "dead_states"))
                return cls(frozenset(names(grounds, "grounds")), in_a_row, days, dead)
            case _:
                raise ValueError("expected grounds, unanswered_in_a_row, unanswered_days and dead_states")

    def is_as_strict_as(self, other: OutOfReach) -> bool:
        return (
            self.grounds <= other.grounds
            and self.unanswered_in_a_row >= other.unanswered_in_a_row
            and self.unanswered_days >= other.unanswered_days
            and self.dead_states <= other.dead_states
        )


def _covers(ours: tuple[Effect, int], theirs: tuple[Effect, int]) -> bool:
    if ours[0] is Effect.STOP:
        return True
    # A pause ends; a flag that leaves people or letters as the only way does not.
    return ours[0] is theirs[0] and ours[1] >= theirs[1]
