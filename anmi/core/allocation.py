"""Giving cases to collectors (分案): a plan that can be shown before, carried out, and taken back.

The plan is the preview. It gives no case to anybody out of scope, over load or with lapsed training, keeps the cases
of one debtor with one person, and comes out the same whenever it is asked for the same things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from anmi.core.money import ZERO, Money, total


class Equal(StrEnum):
    """What is shared out equally."""

    COUNT = "count"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Case:
    """A case as allocation sees it. Cases with the same `linked_to` belong to one debtor (共债)."""

    case_id: str
    linked_to: str
    owing: Money
    creditor_id: str
    product: str
    bucket: str
    region: str
    needs_skills: frozenset[str] = frozenset()
    min_level: int = 0
    holder_id: str | None = None


@dataclass(frozen=True, slots=True)
class Collector:
    """Somebody who may be given cases. An empty set of products, buckets or regions means all of them.

    `creditor_ids` is the person's data scope and is never empty by default: no scope, no case.
    """

    collector_id: str
    creditor_ids: frozenset[str]
    training_valid_until: date | None
    skills: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    buckets: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    level: int = 0
    load: int = 0  # cases held now, beside those to be allocated
    load_cap: int | None = None
    holds_links: frozenset[str] = frozenset()  # debtors whose other cases this person holds already


@dataclass(frozen=True, slots=True)
class Rule:
    """How to share: equally by what, and whether the load people already have is weighed in."""

    equal: Equal
    counts_current_load: bool = True
    keeps_linked_together: bool = True


class Obstacle(StrEnum):
    """Why a collector cannot have a case."""

    OUT_OF_SCOPE = "out_of_scope"
    TRAINING_LAPSED = "training_lapsed"
    SKILL_MISSING = "skill_missing"
    OTHER_PRODUCT = "other_product"
    OTHER_BUCKET = "other_bucket"
    OTHER_REGION = "other_region"
    LEVEL_TOO_LOW = "level_too_low"
    LOAD_FULL = "load_full"
    LINKED_ELSEWHERE = "linked_elsewhere"


@dataclass(frozen=True, slots=True)
class Move:
    """One case from one hand to another; None is the pool."""

    case_id: str
    from_id: str | None
    to_id: str | None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A case nobody can have, and what stood in the way, person by person."""

    case_id: str
    obstacles: Mapping[str, Obstacle]


@dataclass(frozen=True, slots=True)
class Share:
    """What one collector gets in this plan."""

    collector_id: str
    count: int
    owing: Money


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets what. Showing it is the preview; `undo` takes it back."""

    moves: tuple[Move, ...]
    unplaced: tuple[Unplaced, ...]
    shares: tuple[Share, ...]


def plan(cases: Iterable[Case], collectors: Iterable[Collector], rule: Rule, today: date) -> Plan:
    """Share `cases` among `collectors`; nobody's order in the lists makes a difference.

    The largest groups are given first, each to the one who has least so far, which keeps the shares even. Linked
    cases that no single person can have stay unplaced: parting them is a human's decision.
    """
    floor = _Floor(collectors, rule, today)
    moves: list[Move] = []
    unplaced: list[Unplaced] = []
    for group in _groups(cases, rule):
        obstacles = floor.obstacles(group)
        free = [desk for desk in floor.desks if desk.collector.collector_id not in obstacles]
        if not free:
            unplaced += [Unplaced(case.case_id, obstacles) for case in group]
            continue
        desk = min(free, key=_Desk.weight)
        desk.take(group)
        to_id = desk.collector.collector_id
        moves += [Move(case.case_id, case.holder_id, to_id) for case in group if case.holder_id != to_id]
    return Plan(
        tuple(sorted(moves, key=lambda move: move.case_id)),
        tuple(sorted(unplaced, key=lambda one: one.case_id)),
        tuple(Share(desk.collector.collector_id, desk.count, desk.owing) for desk in floor.desks),
    )


def undo(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return the moves that put every case back where it was, the last one first."""
    return tuple(Move(move.case_id, move.to_id, move.from_id) for move in reversed(moves))


def apply(moves: Iterable[Move], holders: Mapping[str, str | None]) -> dict[str, str | None]:
    """Carry out moves on a map of case to holder; raise ValueError where a case is no longer where a move begins."""
    after = dict(holders)
    for move in moves:
        if after.get(move.case_id) != move.from_id:
            raise ValueError(f"{move.case_id} is no longer with {move.from_id or 'the pool'}")
        after[move.case_id] = move.to_id
    return after


class _Desk:
    """A collector's desk while the plan is made: what lies on it so far."""

    __slots__ = ("collector", "count", "owing", "rule")

    def __init__(self, collector: Collector, rule: Rule) -> None:
        self.collector = collector
        self.rule = rule
        self.count = 0
        self.owing = ZERO

    def take(self, group: Sequence[Case]) -> None:
        self.count += len(group)
        self.owing += total([case.owing for case in group])

    def is_full_with(self, more: int) -> bool:
        cap = self.collector.load_cap
        return cap is not None and self.collector.load + self.count + more > cap

    def weight(self) -> tuple[int, int, str]:
        """Return what is to be kept even, smallest first."""
        load = self.collector.load if self.rule.counts_current_load else 0
        held = self.count + load
        if self.rule.equal is Equal.AMOUNT:
            return self.owing.fen, held, self.collector.collector_id
        return held, self.owing.fen, self.collector.collector_id


class _Floor:
    """All the desks, and what keeps a case from each of them."""

    def __init__(self, collectors: Iterable[Collector], rule: Rule, today: date) -> None:
        self.rule = rule
        self.today = today
        self.desks = [_Desk(collector, rule) for collector in sorted(collectors, key=lambda one: one.collector_id)]
        self._known: dict[tuple[object, ...], dict[str, Obstacle]] = {}

    def obstacles(self, group: Sequence[Case]) -> dict[str, Obstacle]:
        """Return why each collector cannot have the group; whoever can is not named."""
        found: dict[str, Obstacle] = {}
        for case in group:
            found = self._lasting(case) | found
        linked = self._holding(group[0].linked_to) if self.rule.keeps_linked_together else set[str]()
        for desk in self.desks:
            name = desk.collector.collector_id
            if name in found:
                continue
            if desk.is_full_with(len(group)):
                found[name] = Obstacle.LOAD_FULL
            elif linked and name not in linked:
                found[name] = Obstacle.LINKED_ELSEWHERE
        return found

    def _holding(self, debtor: str) -> set[str]:
        return {desk.collector.collector_id for desk in self.desks if debtor in desk.collector.holds_links}

    def _lasting(self, case: Case) -> dict[str, Obstacle]:
        # Thousands of cases are alike in what keeps them from a desk, so it is found once for all of them.
        alike = (case.creditor_id, case.product, case.bucket, case.region, case.needs_skills, case.min_level)
        if alike not in self._known:
            obstacles = {desk.collector.collector_id: self._obstacle(case, desk.collector) for desk in self.desks}
            self._known[alike] = {name: obstacle for name, obstacle in obstacles.items() if obstacle is not None}
        return self._known[alike]

    def _obstacle(self, case: Case, collector: Collector) -> Obstacle | None:
        # Rule TRAINING: GB/T 45251-2025, trained and examined before work and every year after.
        if collector.training_valid_until is None or collector.training_valid_until < self.today:
            return Obstacle.TRAINING_LAPSED
        return next((obstacle for obstacle, is_in_the_way in _OBSTACLES if is_in_the_way(case, collector)), None)


def _groups(cases: Iterable[Case], rule: Rule) -> list[tuple[Case, ...]]:
    """Put together what stays together, the heaviest group first."""
    groups: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda case: case.case_id):
        groups.setdefault(case.linked_to if rule.keeps_linked_together else case.case_id, []).append(case)

    def heaviest_first(group: Sequence[Case]) -> tuple[int, int, str]:
        owing, count = total([case.owing for case in group]).fen, len(group)
        # By count the debts come as they are: else whoever has least so far would be given all the largest of them.
        return (-owing, -count, group[0].case_id) if rule.equal is Equal.AMOUNT else (-count, 0, group[0].case_id)

    return [tuple(group) for group in sorted(groups.values(), key=heaviest_first)]


def _is_other(wanted: frozenset[str], value: str) -> bool:
    return bool(wanted) and value not in wanted


_OBSTACLES: Final = (
    (Obstacle.OUT_OF_SCOPE, lambda case, who: case.creditor_id not in who.creditor_ids),
    (Obstacle.SKILL_MISSING, lambda case, who: not case.needs_skills <= who.skills),
    (Obstacle.OTHER_PRODUCT, lambda case, who: _is_other(who.products, case.product)),
    (Obstacle.OTHER_BUCKET, lambda case, who: _is_other(who.buckets, case.bucket)),
    (Obstacle.OTHER_REGION, lambda case, who: _is_other(who.regions, case.region)),
    (Obstacle.LEVEL_TOO_LOW, lambda case, who: who.level < case.min_level),
)
