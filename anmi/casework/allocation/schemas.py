"""Allocation as HTTP sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from anmi.casework.allocation.planning import Demand, Hand, SharingRule
from anmi.casework.allocation.service import RunView
from anmi.casework.cases.service import CaseFilter, CaseReach
from anmi.core import allocation
from anmi.core.assist import AssistKind, AssistState
from anmi.core.case_life import State
from anmi.kit.fields import Asked, Line, Reason, Seen

Words = Annotated[frozenset[Line], Field(max_length=200)]
Ids = Annotated[frozenset[UUID], Field(max_length=500)]
Amount = Annotated[int, Field(ge=0, le=10**15)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class CasesMeant(Asked):
    """Which cases are to be allocated: a filter of the case list."""

    states: frozenset[State] = frozenset()
    buckets: Words = frozenset()
    stages: Words = frozenset()
    creditor_ids: Ids = frozenset()
    placement_ids: Ids = frozenset()
    product_ids: Ids = frozenset()
    holder_id: UUID | None = None
    unit_id: UUID | None = None
    pool: bool | None = None
    reach: CaseReach | None = None
    special: bool | None = None
    owing_from: Amount | None = None
    owing_to: Amount | None = None
    dpd_from: Days | None = None
    dpd_to: Days | None = None
    no_activity_days: Days | None = None

    def wanted(self) -> CaseFilter:
        """Return it in the service's words."""
        return CaseFilter(**dict(self))


class DemandAsked(Asked):
    """What cases of some kind ask of whoever has them."""

    products: Words = frozenset()
    buckets: Words = frozenset()
    owing_from: Amount = 0
    skills: Words = frozenset()
    min_level: Annotated[int, Field(ge=0, le=100)] = 0


class HandAsked(Asked):
    """A collector who may be given cases, and which; what is left out means all kinds."""

    person_id: UUID
    creditor_ids: Ids = frozenset()
    products: Words = frozenset()
    buckets: Words = frozenset()
    regions: Words = frozenset()
    skills: Words = frozenset()
    level: Annotated[int, Field(ge=0, le=100)] = 0
    load_cap: Annotated[int, Field(ge=0, le=100_000)] | None = None


class RuleAsked(Asked):
    """How to share: equally by what, by what the cases demand, and among whom."""

    equal: allocation.Equal = allocation.Equal.COUNT
    counts_current_load: bool = True
    keeps_linked_together: bool = True
    collectors: Annotated[list[HandAsked], Field(min_length=1, max_length=500)]
    demands: Annotated[list[DemandAsked], Field(max_length=50)] = Field(default_factory=list[DemandAsked])

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({hand.person_id for hand in self.collectors}) != len(self.collectors):
            raise ValueError("a collector is named once")
        return self

    def rule(self) -> SharingRule:
        """Return it in the service's words."""
        return SharingRule(
            allocation.Rule(self.equal, self.counts_current_load, self.keeps_linked_together),
            tuple(Hand(**dict(hand)) for hand in self.collectors),
            tuple(Demand(**dict(demand)) for demand in self.demands),
            self.model_dump(mode="json"),
        )


class PlanAsked(Asked):
    """Which cases, and how they are shared out."""

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=20_000)] | None = None
    filter: CasesMeant | None = None
    rule: RuleAsked

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.case_ids is None) == (self.filter is None):
            raise ValueError("either case_ids or a filter")
        return self

    def wanted(self) -> CaseFilter | list[UUID]:
        """Return which cases are meant."""
        return self.filter.wanted() if self.filter else self.case_ids or []


class Reallocation(Asked):
    """Cases to be given to one person, or back to the pool."""

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=20_000)]
    holder_id: UUID | None = None
    pool: bool = False
    reason: Reason

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.pool is (self.holder_id is not None):
            raise ValueError("either holder_id or the pool")
        return self


class ShareSeen(BaseModel):
    """What one collector gets."""

    person_id: UUID
    name: str
    count: int
    owing_fen: int


class RunSeen(BaseModel):
    """One allocation; `outcomes` says what became of its moves, `obstacles` what kept cases from everybody."""

    id: UUID
    state: str
    rule: dict[str, Any]
    cases_count: int
    shares: list[ShareSeen]
    unplaced_count: int
    obstacles: dict[str, int]
    unplaced: list[dict[str, Any]]
    not_open_count: int
    outcomes: dict[str, int]
    undone_count: int
    not_undone: list[dict[str, str]]
    planned_at: datetime
    planned_by: UUID | None
    carried_out_at: datetime | None
    undone_at: datetime | None
    version: int

    @classmethod
    def of(cls, view: RunView) -> Self:
        """Show an allocation."""
        run, figures = view.run, view.run.figures
        shares = [
            ShareSeen(name=view.names.get(UUID(share["person_id"]), ""), **share) for share in figures.get("shares", ())
        ]
        return cls(
            id=run.id,
            state=run.state,
            rule=run.rule,
            cases_count=run.cases_count,
            shares=shares,
            unplaced_count=figures.get("unplaced_count", 0),
            obstacles=figures.get("obstacles", {}),
            unplaced=figures.get("unplaced", []),
            not_open_count=figures.get("not_open_count", 0),
            outcomes=figures.get("outcomes", {}),
            undone_count=figures.get("undone_count", 0),
            not_undone=figures.get("not_undone", []),
            planned_at=run.planned_at,
            planned_by=run.planned_by,
            carried_out_at=run.carried_out_at,
            undone_at=run.undone_at,
            version=run.version,
        )


class MoveSeen(Seen):
    """One case from one pair of hands, or the pool, to another."""

    case_id: UUID
    from_holder_id: UUID | None
    from_unit_id: UUID | None
    to_holder_id: UUID | None
    to_unit_id: UUID | None
    outcome: str | None


class AssistToAsk(Asked):
    """Help that is asked for."""

    case_id: UUID
    kind: AssistKind
    note: Reason


class AssistAnswer(Asked):
    """What the helper says."""

    answer: Reason


class AssistSeen(Seen):
    """A request for help."""

    id: UUID
    case_id: UUID
    serial_no: str
    debtor_name_masked: str
    kind: AssistKind
    note: str
    state: AssistState
    asked_by: UUID | None
    asked_by_name: str | None
    asked_at: datetime
    helper_id: UUID | None
    helper_name: str | None
    answer: str | None
    ended_at: datetime | None
    version: int
