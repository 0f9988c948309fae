"""Cases as HTTP shows them; what is asked of them stands in `asked_schemas`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel

from anmi.casework.cases.service import CaseView, Figures
from anmi.core.case_life import Capability, State
from anmi.core.contact_rules.facts import Effect, HoldReason, Relation
from anmi.core.number_state import NumberState
from anmi.core.special_groups import SpecialGroup
from anmi.kit.fields import Seen


class NamedSeen(Seen):
    """A thing around a case, named."""

    id: UUID
    name: str


class CaseFactsSeen(Seen):
    """What a list and the case itself both show. `bucket` and `dpd` are today's."""

    id: UUID
    serial_no: str
    creditor: NamedSeen
    product: NamedSeen
    placement: NamedSeen
    state: State
    stage: str | None
    bucket: str
    dpd: int
    placed_fen: int
    owing_fen: int
    paid_fen: int
    priority: int
    holder: NamedSeen | None
    unit: NamedSeen | None
    is_held: bool
    is_special: bool
    days_to_due_back: int | None
    last_activity_at: datetime | None
    last_result: str | None
    next_action_at: datetime | None
    created_at: datetime
    version: int


class CaseSeen(CaseFactsSeen):
    """A line of a case list; the debtor's name is full to those who work the case."""

    debtor: NamedSeen
    city: str | None


class DebtorSeen(Seen):
    """A person who owes."""

    id: UUID
    name: str
    name_masked: str
    id_number_masked: str
    gender: str | None
    age: int | None
    province: str | None
    city: str | None


class PhoneSeen(Seen):
    """A number, masked; it is called by its id."""

    id: UUID
    kind: str
    relation: Relation
    relation_text: str | None
    number_masked: str
    name_masked: str | None
    source: str
    carrier: str | None
    province: str | None
    city: str | None
    state: NumberState
    state_source: str | None
    state_at: datetime | None
    is_right_party: bool | None
    asked_to_stop_at: datetime | None
    is_suppressed: bool
    created_at: datetime


class AddressSeen(Seen):
    """An address down to its district."""

    id: UUID
    kind: str
    text_masked: str
    source: str


class AccountSeen(Seen):
    """A contract of debt and the parts of what is owed, in fen."""

    id: UUID
    number_masked: str | None
    contract_no: str | None
    components: dict[str, int]
    owing_fen: int
    credit_limit_fen: int | None
    loan_on: date | None
    statement_day: int | None


class PromiseStanding(Seen):
    """The promise that stands."""

    id: UUID
    amount_fen: int
    due_on: date
    received_fen: int
    taken_at: datetime
    version: int


class InstallmentSeen(Seen):
    """One payment of a plan."""

    number: int
    due_on: date
    amount_fen: int
    received_fen: int
    state: str


class PlanStanding(Seen):
    """The plan that stands."""

    id: UUID
    total_fen: int
    signed_on: date
    is_oral: bool
    installments: list[InstallmentSeen]


class ConcessionOfCase(Seen):
    """A concession of the case."""

    id: UUID
    kind: str
    state: str
    waived_fen: int
    payable_fen: int
    asked_at: datetime
    valid_until: date | None


class HoldStanding(Seen):
    """A hold that stands."""

    id: UUID
    reason: HoldReason
    effect: Effect
    note: str
    until: date | None
    placed_at: datetime


class FlagStanding(Seen):
    """A special group the debtor belongs to."""

    id: UUID
    flag: SpecialGroup
    note: str
    flagged_at: datetime
    reviewed_until: date | None


class RateNoticeSeen(Seen):
    """The claim implies a higher yearly rate than the cap that may apply: a reason to look, no finding."""

    implied: str
    cap: str
    excess_fen: int
    source: str


class CaseInFull(CaseFactsSeen):
    """The whole case."""

    placed_on: date
    due_back_on: date | None
    placed_bucket: str
    tier: int
    placement_state: str
    waived_fen: int
    limitation_on: date | None
    closing_reason: str | None
    closed_at: datetime | None
    debtor: DebtorSeen
    accounts: list[AccountSeen]
    phones: list[PhoneSeen]
    addresses: list[AddressSeen]
    promise: PromiseStanding | None
    plan: PlanStanding | None
    concessions: list[ConcessionOfCase]
    holds: list[HoldStanding]
    flags: list[FlagStanding]
    rate_notice: RateNoticeSeen | None
    capabilities: list[Capability]
    linked_count: int

    @classmethod
    def of(cls, view: CaseView) -> Self:
        """Say a view as HTTP does: the line of the list and the rest on one level."""
        facts = asdict(view)
        return cls.model_validate(view.line._asdict() | facts)


class Sum(BaseModel):
    """How many cases, and what they owe."""

    count: int
    owing_fen: int


class FiguresSeen(Sum):
    """The figures of a list; where there `is_more` than was to be counted, nothing is added up."""

    is_more: bool
    by_state: dict[str, Sum]
    by_bucket: dict[str, Sum]

    @classmethod
    def of(cls, figures: Figures) -> Self:
        """Say figures as HTTP does."""
        return cls(
            count=figures.count,
            is_more=figures.is_more,
            owing_fen=figures.owing_fen,
            by_state={key: Sum(count=count, owing_fen=owing) for key, (count, owing) in figures.by_state.items()},
            by_bucket={key: Sum(count=count, owing_fen=owing) for key, (count, owing) in figures.by_bucket.items()},
        )


class TimelineEntrySeen(Seen):
    """One thing that was written of the case; `facts` are the columns of its kind."""

    kind: Literal["event", "stage", "activity", "promise", "payment", "concession", "hold", "attempt", "work_order"]
    id: str
    at: datetime
    by: NamedSeen | None
    facts: dict[str, Any]


class Revealed(BaseModel):
    """The field as it is."""

    value: str


class SavedViewSeen(Seen):
    """A saved view."""

    id: UUID
    list_name: str
    name: str
    body: dict[str, Any]
    version: int
