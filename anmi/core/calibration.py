"""Calibration (校准): how far inspectors who judged the same calls agree with one another, and with the machine.

Agreement is told twice: plain, and as kappa, which takes away what chance alone would bring about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import comb, sqrt
from typing import Final

Judgement = Hashable


class Strength(StrEnum):
    """What a kappa is worth, in the customary words (Landis and Koch, 1977)."""

    POOR = "poor"
    SLIGHT = "slight"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost_perfect"


_STRENGTHS: Final = (
    (Fraction(0), Strength.POOR),
    (Fraction(1, 5), Strength.SLIGHT),
    (Fraction(2, 5), Strength.FAIR),
    (Fraction(3, 5), Strength.MODERATE),
    (Fraction(4, 5), Strength.SUBSTANTIAL),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far several judges agree; None where there was nothing to agree on."""

    items: int
    """Judged by two at least."""
    share: Fraction | None
    kappa: Fraction | None
    """None also where everybody always said the same one thing: chance would have done as well."""

    @property
    def strength(self) -> Strength | None:
        """What the kappa is worth."""
        if self.kappa is None:
            return None
        return next((word for limit, word in _STRENGTHS if self.kappa <= limit), Strength.ALMOST_PERFECT)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the machine found, against what people say."""

    agreed: int = 0
    invented: int = 0
    """Found by the machine alone."""
    overlooked: int = 0
    undecided: int = 0
    """People were divided in halves: nobody can be measured by that."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.agreed + other.agreed,
            self.invented + other.invented,
            self.overlooked + other.overlooked,
            self.undecided + other.undecided,
        )

    @property
    def precision(self) -> Fraction | None:
        """How much of what the machine found people found too."""
        return _share(self.agreed, self.agreed + self.invented)

    @property
    def recall(self) -> Fraction | None:
        """How much of what people found the machine found too."""
        return _share(self.agreed, self.agreed + self.overlooked)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One call as everybody judged it: the codes each judge named, and those the machine did."""

    judges: Mapping[str, frozenset[str]]
    machine: frozenset[str]


def fleiss(items: Sequence[Sequence[Judgement]]) -> Agreement:
    """Return the agreement of any number of judges, who need not have judged everything."""
    judged = [Counter(item) for item in items if len(item) > 1]
    if not judged:
        return Agreement(0, None, None)
    share = sum((_pairs_agreeing(item) for item in judged), Fraction(0)) / len(judged)
    total = sum((item for item in judged), Counter[Judgement]())
    by_chance = sum((Fraction(count, total.total()) ** 2 for count in total.values()), Fraction(0))
    return Agreement(len(judged), share, _beyond_chance(share, by_chance))


def cohen(pairs: Sequence[tuple[Judgement, Judgement]]) -> Agreement:
    """Return the agreement of two judges over what both have judged."""
    if not pairs:
        return Agreement(0, None, None)
    count = len(pairs)
    share = Fraction(sum(one == other for one, other in pairs), count)
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum((Fraction(ones[each] * others[each], count**2) for each in ones), Fraction(0))
    return Agreement(count, share, _beyond_chance(share, by_chance))


def codes_named(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return every code somebody or the machine has named; what nobody ever names says nothing of agreement."""
    return tuple(
        sorted({code for sheet in sheets for named in (*sheet.judges.values(), sheet.machine) for code in named})
    )


def among_judges(sheets: Sequence[Sheet], codes: Collection[str]) -> Agreement:
    """Return how far the judges agree on whether these codes were there, call by call."""
    return fleiss([[code in named for named in sheet.judges.values()] for sheet in sheets for code in codes])


def between(sheets: Sequence[Sheet], one: str, other: str, codes: Collection[str]) -> Agreement:
    """Return how far two judges agree over the calls both have judged."""
    shared = [sheet.judges for sheet in sheets if one in sheet.judges and other in sheet.judges]
    return cohen([(code in judges[one], code in judges[other]) for judges in shared for code in codes])


def with_machine(sheets: Sequence[Sheet], judge: str, codes: Collection[str]) -> Agreement:
    """Return how far one judge agrees with the machine."""
    own = [(sheet.judges[judge], sheet.machine) for sheet in sheets if judge in sheet.judges]
    return cohen([(code in named, code in machine) for named, machine in own for code in codes])


def majority(sheet: Sheet, code: str) -> bool | None:
    """Tell whether most judges named a code; None where they are divided in halves, or nobody has judged."""
    named = sum(code in each for each in sheet.judges.values())
    against = len(sheet.judges) - named
    return None if named == against else named > against


def against_machine(sheets: Sequence[Sheet], codes: Collection[str]) -> Tally:
    """Hold the machine against what most judges say."""
    tally = Tally()
    for sheet in sheets:
        for code in codes:
            tally += _held(majority(sheet, code), is_found=code in sheet.machine, is_judged=bool(sheet.judges))
    return tally


def pairs_of(judges: Sequence[str]) -> list[tuple[str, str]]:
    """Return everybody with everybody else, once."""
    return list(combinations(judges, 2))


def spread(scores: Sequence[int]) -> int | None:
    """Return how far the highest score is from the lowest, among two at least."""
    return max(scores) - min(scores) if len(scores) > 1 else None


# Two standard errors to either side: what is true lies inside nineteen times of twenty.
_WIDTH: Final = 1.96


def likely(part: int, whole: int) -> tuple[float, float] | None:
    """Return between which shares the true one likely lies (Wilson's interval): few reviews prove little."""
    if whole <= 0:
        return None
    share, width = part / whole, _WIDTH**2
    middle = (share + width / (2 * whole)) / (1 + width / whole)
    reach = _WIDTH * sqrt(share * (1 - share) / whole + width / (4 * whole**2)) / (1 + width / whole)
    # The share itself is always within; a float may say otherwise at either end.
    return max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))


def _held(people: bool | None, *, is_found: bool, is_judged: bool) -> Tally:
    match people, is_found:
        case True, True:
            return Tally(agreed=1)
        case False, True:
            return Tally(invented=1)
        case True, False:
            return Tally(overlooked=1)
        case None, _ if is_judged:
            return Tally(undecided=1)
        case _:
            return Tally()


def _pairs_agreeing(item: Counter[Judgement]) -> Fraction:
    return Fraction(sum(comb(count, 2) for count in item.values()), comb(item.total(), 2))


def _beyond_chance(share: Fraction, by_chance: Fraction) -> Fraction | None:
    return None if by_chance == 1 else (share - by_chance) / (1 - by_chance)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
