"""Making a plan: rows become cases and collectors as the rule book sees them, and its answer becomes moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from anmi.core import allocation
from anmi.core.allocation import Collector, Plan
from anmi.core.delinquency import BucketTable, days_past_due
from anmi.core.money import Money
from anmi.identity.people.models import Person

UNPLACED_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Demand:
    """What cases of some kind ask of whoever has them; an empty set means all kinds."""

    products: frozenset[str] = frozenset()
    buckets: frozenset[str] = frozenset()
    owing_from: int = 0
    skills: frozenset[str] = frozenset()
    min_level: int = 0

    def meets(self, product: str, bucket: str, owing_fen: int) -> bool:
        """Say whether a case is of this kind."""
        return (
            (not self.products or product in self.products)
            and (not self.buckets or bucket in self.buckets)
            and owing_fen >= self.owing_from
        )


@dataclass(frozen=True, slots=True)
class Hand:
    """A collector who may be given cases in this allocation, and which; an empty set means all kinds."""

    person_id: UUID
    creditor_ids: frozenset[UUID] = frozenset()
    products: frozenset[str] = frozenset()
    buckets: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    level: int = 0
    load_cap: int | None = None


@dataclass(frozen=True, slots=True)
class SharingRule:
    """How cases are shared out, by what they demand and among whom."""

    share: allocation.Rule
    hands: tuple[Hand, ...]
    demands: tuple[Demand, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The rule as it was asked for, to be kept with the run."""


def cases_of(
    rows: Iterable[Row[Any]], demands: Sequence[Demand], buckets: Mapping[UUID, BucketTable], today: date
) -> list[allocation.Case]:
    """Return cases as the rule book sees them; the bucket is today's."""
    return [_case(row, demands, buckets[row.product_id], today) for row in rows]


def collector_of(
    hand: Hand, person: Person, creditor_ids: Iterable[UUID], load: int, links: Iterable[UUID]
) -> Collector:
    """Return a collector as the rule book sees her; she is within the reach of whoever allocates."""
    return Collector(
        collector_id=str(person.id),
        creditor_ids=frozenset(map(str, hand.creditor_ids or creditor_ids)),
        training_valid_until=person.training_valid_until,
        # What the rule says of a hand counts; without a word of it, what is written of the person.
        skills=hand.skills or frozenset(person.skills),
        products=hand.products,
        buckets=hand.buckets,
        regions=hand.regions or frozenset(person.regions),
        level=hand.level or person.level,
        load=load,
        load_cap=hand.load_cap,
        holds_links=frozenset(map(str, links)),
    )


def figures_of(plan: Plan, closed: int) -> dict[str, Any]:
    """Return what a preview shows: what each collector gets, and what keeps the rest from everybody."""
    obstacles = Counter(obstacle for one in plan.unplaced for obstacle in set(one.obstacles.values()))
    return {
        "shares": [
            {"person_id": share.collector_id, "count": share.count, "owing_fen": share.owing.fen}
            for share in plan.shares
        ],
        "unplaced_count": len(plan.unplaced),
        "obstacles": dict(sorted(obstacles.items())),
        "unplaced": [
            {"case_id": one.case_id, "obstacles": sorted(set(one.obstacles.values()))}
            for one in plan.unplaced[:UNPLACED_SHOWN]
        ],
        "not_open_count": closed,
    }


def _case(row: Row[Any], demands: Sequence[Demand], table: BucketTable, today: date) -> allocation.Case:
    bucket = table.bucket(days_past_due(row.overdue_on, today)).code
    demanded = [demand for demand in demands if demand.meets(row.product, bucket, row.owing_fen)]
    return allocation.Case(
        case_id=str(row.id),
        linked_to=str(row.debtor_id),
        owing=Money(row.owing_fen),
        creditor_id=str(row.creditor_id),
        product=row.product,
        bucket=bucket,
        region=row.region,
        needs_skills=frozenset[str]().union(*(demand.skills for demand in demanded)),
        min_level=max((demand.min_level for demand in demanded), default=0),
        holder_id=str(row.holder_id) if row.holder_id else None,
    )
