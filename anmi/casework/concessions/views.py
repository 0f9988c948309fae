"""Concessions and plans as they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from anmi.casework.concessions.models import Concession, ConcessionStep, Installment, PaymentPlan
from anmi.casework.debtors.models import NAME
from anmi.core.concessions import Grant, State, may_quote
from anmi.core.masking import mask_name
from anmi.core.money import Money
from anmi.identity.people.models import NAME as PERSON_NAME
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of an approval."""

    at: datetime
    by: UUID | None
    by_name: str | None
    before: str
    after: str
    note: str


@dataclass(frozen=True, slots=True)
class InstallmentView:
    """One payment of a plan, agreed or proposed."""

    number: int
    due_on: date
    amount_fen: int
    received_fen: int = 0
    state: str = "open"


@dataclass(frozen=True, slots=True)
class ConcessionView:
    """A concession; `may_decide` says whether it waits for the one who looks."""

    id: UUID
    case_id: UUID
    serial_no: str
    creditor_name: str
    debtor_name_masked: str
    kind: str
    state: State
    payable_fen: int
    waived_fen: int
    owed: dict[str, int]
    pays: dict[str, int]
    waives: dict[str, int]
    installments: list[InstallmentView]
    reason: str
    asked_by: UUID | None
    asked_by_name: str | None
    asked_at: datetime
    valid_until: date | None
    is_quotable: bool
    roles: list[str]
    creditor_decides: bool
    next_role: str | None
    may_decide: bool
    version: int
    steps: list[StepView] | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """An agreement to pay in instalments."""

    id: UUID
    case_id: UUID
    concession_id: UUID | None
    total_fen: int
    received_fen: int
    state: str
    signed_on: date
    is_oral: bool
    installments: list[InstallmentView]
    version: int


def grant_of(concession: Concession) -> Grant | None:
    """Return what was granted, if anything was."""
    if concession.valid_until is None:
        return None
    return Grant(Money(concession.payable_fen), concession.valid_until)


def may_decide(concession: Concession, person_id: UUID | None, roles: frozenset[str]) -> bool:
    """Say whether a concession waits for somebody: for her role, not of her own asking, not signed by her yet."""
    signed = {signature["by"] for signature in concession.body["signatures"]}
    waits = concession.body["next_role"] in roles and person_id not in {None, concession.asked_by}
    return waits and (State(concession.state) is State.CREDITOR_REVIEW or str(person_id) not in signed)


def view_of(
    unit: UnitOfWork,
    row: Row[Any],
    roles: frozenset[str],
    today: date,
    steps: Iterable[Row[ConcessionStep, bytes]] | None = None,
) -> ConcessionView:
    """Return a concession as it is shown."""
    one: Concession = row.Concession
    body = one.body
    planned = enumerate(body["plan"] or [], start=1)
    return ConcessionView(
        id=one.id,
        case_id=one.case_id,
        serial_no=row.serial_no,
        creditor_name=row.creditor_name,
        debtor_name_masked=mask_name(unit.open(NAME, row.name_sealed)),
        kind=one.kind,
        state=State(one.state),
        payable_fen=one.payable_fen,
        waived_fen=one.waived_fen,
        owed=body["owed"],
        pays=body["pays"],
        waives=body["waives"],
        installments=[
            InstallmentView(number, date.fromisoformat(part["due_on"]), part["amount_fen"]) for number, part in planned
        ],
        reason=one.reason,
        asked_by=one.asked_by,
        asked_by_name=unit.open(PERSON_NAME, row.asker_name) if row.asker_name else None,
        asked_at=one.asked_at,
        valid_until=one.valid_until,
        is_quotable=may_quote(State(one.state), grant_of(one), today),
        roles=body["roles"],
        creditor_decides=body["creditor_decides"],
        next_role=body["next_role"],
        may_decide=may_decide(one, unit.caller.person_id, roles),
        version=one.version,
        steps=None if steps is None else [_step_view(unit, step) for step in steps],
    )


def plan_view(plan: PaymentPlan, installments: Sequence[Installment]) -> PlanView:
    """Return a plan as it is shown."""
    parts = [
        InstallmentView(one.number, one.due_on, one.amount_fen, one.received_fen, one.state) for one in installments
    ]
    return PlanView(
        plan.id,
        plan.case_id,
        plan.concession_id,
        plan.total_fen,
        sum(part.received_fen for part in parts),
        plan.state,
        plan.signed_on,
        plan.is_oral,
        parts,
        plan.version,
    )


def _step_view(unit: UnitOfWork, row: Row[ConcessionStep, bytes]) -> StepView:
    step, by_name = row
    name = unit.open(PERSON_NAME, by_name) if by_name else None
    return StepView(step.at, step.by, name, step.before, step.after, step.note)
