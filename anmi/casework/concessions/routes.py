"""Concessions and payment plans over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query

from anmi.casework.concessions.schemas import (
    ConcessionQuery,
    ConcessionSeen,
    ConcessionToAsk,
    CreditorAnswer,
    Decision,
    PlanSeen,
    PlanToSign,
    ProposalSeen,
    Waiting,
    Why,
    WishOfCase,
)
from anmi.casework.concessions.service import Concessions, PaymentPlans
from anmi.core.permissions import Permission
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/concessions")
plans_router = room("/casework/payment-plans")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)
approves = requires(Permission.CONCESSIONS_APPROVE)


@router.get("", dependencies=[reads])
async def list_concessions(
    unit: Unit, ask: PageAsk, query: Annotated[ConcessionQuery, Query()]
) -> Page[ConcessionSeen]:
    """Return concessions within sight; `mine` are those that wait for the caller to decide."""
    views, following = await Concessions(unit).page(query.wanted(), ask, mine=query.mine)
    return Page(items=[ConcessionSeen.model_validate(view) for view in views], next=following)


@router.get("/waiting", dependencies=[approves])
async def concessions_waiting(unit: Unit) -> Waiting:
    """Count those that wait for the caller to decide."""
    return Waiting(count=await Concessions(unit).waiting())


@router.post("/propose", dependencies=[works])
async def propose_concession(unit: Unit, body: WishOfCase) -> ProposalSeen:
    """Reckon what a wish comes to; nothing is written."""
    return ProposalSeen.of(await Concessions(unit).propose(body.case_id, body.wish()))


@router.post("", status_code=201, dependencies=[works])
async def ask_concession(unit: Unit, body: ConcessionToAsk) -> ConcessionSeen:
    """Ask for relief."""
    concession = await Concessions(unit).ask(body.case_id, body.wish(), body.reason, body.valid_until)
    return await _seen(unit, concession.id, Permission.CASES_WORK)


@router.get("/{id}", dependencies=[reads])
async def get_concession(unit: Unit, concession_id: Id) -> ConcessionSeen:
    """Return a concession with its steps."""
    return await _seen(unit, concession_id, Permission.CASES_READ)


@router.post("/{id}/approve", dependencies=[approves])
async def approve_concession(unit: Unit, concession_id: Id, body: Decision) -> ConcessionSeen:
    """Sign the next step."""
    await Concessions(unit).decide(concession_id, body.version, approves=True, note=body.note)
    return await _seen(unit, concession_id, Permission.CONCESSIONS_APPROVE)


@router.post("/{id}/reject", dependencies=[approves])
async def reject_concession(unit: Unit, concession_id: Id, body: Decision) -> ConcessionSeen:
    """Refuse the whole."""
    await Concessions(unit).decide(concession_id, body.version, approves=False, note=body.note)
    return await _seen(unit, concession_id, Permission.CONCESSIONS_APPROVE)


@router.post("/{id}/creditor-answer", dependencies=[approves])
async def answer_concession(unit: Unit, concession_id: Id, body: CreditorAnswer) -> ConcessionSeen:
    """Write down what the creditor answered."""
    await Concessions(unit).answer(concession_id, body.version, body.approved(), body.valid_until, body.answer)
    return await _seen(unit, concession_id, Permission.CONCESSIONS_APPROVE)


@router.post("/{id}/accept", dependencies=[works])
async def accept_concession(unit: Unit, concession_id: Id, body: Decision) -> ConcessionSeen:
    """Write down that the debtor agrees."""
    await Concessions(unit).accept(concession_id, body.version, body.note)
    return await _seen(unit, concession_id, Permission.CASES_WORK)


@router.post("/{id}/withdraw", dependencies=[works])
async def withdraw_concession(unit: Unit, concession_id: Id, body: Decision) -> ConcessionSeen:
    """Take a request back."""
    await Concessions(unit).withdraw(concession_id, body.version, body.note)
    return await _seen(unit, concession_id, Permission.CASES_WORK)


@plans_router.get("", dependencies=[reads])
async def list_payment_plans(
    unit: Unit, ask: PageAsk, state: Search | None = None, case_id: UUID | None = None
) -> Page[PlanSeen]:
    """Return payment plans within sight."""
    views, following = await PaymentPlans(unit).page(state, case_id, ask)
    return Page(items=[PlanSeen.model_validate(view) for view in views], next=following)


@plans_router.post("", status_code=201, dependencies=[works])
async def sign_payment_plan(unit: Unit, body: PlanToSign) -> PlanSeen:
    """Sign granted instalments."""
    plans = PaymentPlans(unit)
    signed = await plans.sign(
        body.case_id, body.concession_id, body.signed_on, is_oral=body.is_oral, first_due_on=body.first_on
    )
    return PlanSeen.model_validate(await plans.get(signed.id))


@plans_router.get("/{id}", dependencies=[reads])
async def get_payment_plan(unit: Unit, plan_id: Id) -> PlanSeen:
    """Return a plan with its instalments."""
    return PlanSeen.model_validate(await PaymentPlans(unit).get(plan_id))


@plans_router.post("/{id}/breach", dependencies=[works])
async def breach_payment_plan(unit: Unit, plan_id: Id, body: Why) -> PlanSeen:
    """Say that a plan is not kept."""
    plans = PaymentPlans(unit)
    await plans.breach(plan_id, body.reason)
    return PlanSeen.model_validate(await plans.get(plan_id))


async def _seen(unit: Unit, concession_id: UUID, permission: Permission) -> ConcessionSeen:
    return ConcessionSeen.model_validate(await Concessions(unit).get(concession_id, permission))
