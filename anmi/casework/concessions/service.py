"""Concessions: reckoned, asked for, signed step by step, answered by the creditor, withdrawn.

What is granted is exactly what was asked at what was owed then; if the debt has changed meanwhile, it is asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives, visible
from anmi.casework.concessions import repository
from anmi.casework.concessions.events import ConcessionAsked
from anmi.casework.concessions.granting import ConcessionRefused, Granting, ListedAnswers, kept_plan
from anmi.casework.concessions.models import Concession
from anmi.casework.concessions.plans import PaymentPlans
from anmi.casework.concessions.repository import ConcessionFilter
from anmi.casework.concessions.settling import Settling
from anmi.casework.concessions.steps import ConcessionStepRefused, Steps
from anmi.casework.concessions.views import ConcessionView, PlanView, may_decide, view_of
from anmi.casework.creditors.service import Creditors
from anmi.casework.payments.service import Ledger, kept
from anmi.casework.tables import concession_authority
from anmi.core.audit_actions import AuditAction
from anmi.core.balance import Balance
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability
from anmi.core.concession_offers import Offer
from anmi.core.concession_proposals import RefusedProposal, Wish, propose
from anmi.core.concessions import (
    ApprovalPath,
    Authority,
    Event,
    RefusedRequest,
    Request,
    Signature,
    State,
    approval_path,
    next_event,
)
from anmi.core.creditor_answers import CreditorAnswer
from anmi.core.masking import mask_digits
from anmi.core.money import Money
from anmi.core.payment_plans import PaymentPlan
from anmi.core.permissions import Permission
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Forbidden, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = [
    "ConcessionFilter",
    "ConcessionView",
    "Concessions",
    "ListedAnswers",
    "PaymentPlans",
    "PlanView",
    "Proposed",
    "Settling",
]


class ConcessionLive(Conflict):
    """Another concession of the case is not over yet."""

    code = "CONCESSION_LIVE"
    zh, en = "该案件已有进行中的减免", "The case has a concession that is not over yet"


class NotYoursToDecide(Forbidden):
    """It waits for somebody else: another role, or another pair of eyes."""

    code = "CONCESSION_NOT_YOURS"
    zh, en = "该减免不由您审批", "This concession waits for somebody else"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a wish comes to, and who would have to sign it."""

    owed: Balance
    offer: Offer
    plan: PaymentPlan | None
    path: ApprovalPath


class Concessions:
    """The concessions of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._lives = CaseLives(unit)
        self._steps = Steps(unit)
        self._granting = Granting(unit)

    async def page(
        self, wanted: ConcessionFilter, ask: Ask, *, mine: bool = False
    ) -> tuple[list[ConcessionView], str | None]:
        """Return one page of the concessions within sight; `mine` are those that wait for the caller to decide."""
        roles = await self._roles()
        sight = visible(self._unit)
        if mine:
            sight = visible(self._unit, Permission.CONCESSIONS_APPROVE)
            wanted = self._waiting(wanted, roles)
        rows, following = await repository.page(self._unit.session, sight, wanted, ask)
        return [view_of(self._unit, row, roles, self._today) for row in rows], following

    async def waiting(self) -> int:
        """Count the concessions that wait for the caller to decide."""
        sight = visible(self._unit, Permission.CONCESSIONS_APPROVE)
        return await repository.count(self._unit.session, sight, self._waiting(ConcessionFilter(), await self._roles()))

    async def get(self, concession_id: UUID, permission: Permission = Permission.CASES_READ) -> ConcessionView:
        """Return a concession within reach, with its steps."""
        row = await repository.shown(self._unit.session, visible(self._unit, permission), concession_id)
        if row is None:
            raise NotFound
        steps = await repository.steps(self._unit.session, concession_id)
        return view_of(self._unit, row, await self._roles(), self._today, steps)

    async def propose(self, case_id: UUID, wish: Wish) -> Proposed:
        """Reckon what a wish comes to and who would sign it; nothing is written."""
        case = await self._lives.get(case_id, Permission.CASES_WORK)
        return await self._reckon(case, wish)

    async def ask(self, case_id: UUID, wish: Wish, reason: str, valid_until: date | None = None) -> Concession:
        """Ask for relief; what is asked for is kept as it was reckoned."""
        case = await self._lives.get(case_id, Permission.CASES_WORK, lock=True)
        self._lives.require(case, Capability.ASK_CONCESSION)
        if valid_until is not None and valid_until < self._today:
            raise ConcessionRefused(reason="valid_until_is_past")
        proposed = await self._reckon(case, wish)
        concession = Concession(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            kind=wish.kind,
            state=State.DRAFT,
            waived_fen=proposed.offer.waives.total.fen,
            payable_fen=proposed.offer.pays.total.fen,
            body=_body(proposed, valid_until),
            reason=reason,
            asked_by=self._unit.caller.person_id,
            asked_at=self._unit.now,
            version=1,
        )
        async with refused_as(self._unit.session, {"uq_concessions_live": ConcessionLive()}):
            self._unit.session.add(concession)
        self._remember(AuditAction.CONCESSION_ASKED, concession, waived_fen=concession.waived_fen)
        self._unit.announce(ConcessionAsked(concession.id, case.id))
        await self._steps.take(case, concession, Event.SUBMITTED, reason)
        return concession

    async def decide(self, concession_id: UUID, version: int, *, approves: bool, note: str) -> Concession:
        """Sign the next step of the path, or refuse the whole."""
        case, concession = await self._steps.held(concession_id, Permission.CONCESSIONS_APPROVE, version)
        if State(concession.state) not in {State.SUBMITTED, State.FIRST_REVIEW}:
            raise ConcessionStepRefused(reason=f"concession_is_{concession.state}")
        await self._check_signer(concession)
        if approves:
            await self._granting.check_debt(case, concession)
        role = concession.body["next_role"]
        signed = [*concession.body["signatures"], self._signature(role, approves)]
        roles: list[str] = concession.body["roles"]
        # The one who signed last writes down the creditor's answer.
        following = roles[min(len(signed), len(roles) - 1)]
        concession.body = {**concession.body, "signatures": signed, "next_role": following}
        path = ApprovalPath(tuple(roles), concession.body["creditor_decides"])
        event = next_event(path, [Signature(one["role"], one["approves"]) for one in signed])
        if event is None:
            raise ConcessionStepRefused(reason="nobody_signed")
        await self._steps.take_if_known(case, concession, Event.REVIEW_STARTED)
        if event is Event.APPROVED:
            await self._granting.grant(case, concession, None)
        await self._steps.take(case, concession, event, note)
        self._remember(AuditAction.CONCESSION_DECIDED, concession, approves=approves, role=role, note=mask_digits(note))
        return concession

    async def answer(
        self, concession_id: UUID, version: int, approved: Money | None, valid_until: date | None, note: str
    ) -> Concession:
        """Write down what the creditor answered: the sum that settles the matter, or None for a refusal."""
        case, concession = await self._steps.held(concession_id, Permission.CONCESSIONS_APPROVE, version)
        if State(concession.state) is not State.CREDITOR_REVIEW:
            raise ConcessionStepRefused(reason=f"concession_is_{concession.state}")
        await self._check_signer(concession)
        await self._granting.answer(case, concession, CreditorAnswer(approved is not None, approved, valid_until), note)
        return concession

    async def accept(self, concession_id: UUID, version: int, note: str = "") -> Concession:
        """Write down that the debtor agrees to what was granted; whoever pays on it agrees as well."""
        case, concession = await self._steps.held(concession_id, Permission.CASES_WORK, version)
        if concession.valid_until is not None and concession.valid_until < self._today:
            raise ConcessionStepRefused(reason="concession_is_over")
        await self._steps.take(case, concession, Event.ACCEPTED, note)
        return concession

    async def withdraw(self, concession_id: UUID, version: int, note: str) -> Concession:
        """Take a request back before the debtor has agreed."""
        case, concession = await self._steps.held(concession_id, Permission.CASES_WORK, version)
        await self._steps.take(case, concession, Event.WITHDRAWN, note)
        self._remember(AuditAction.CONCESSION_WITHDRAWN, concession, note=mask_digits(note))
        return concession

    async def _reckon(self, case: Case, wish: Wish) -> Proposed:
        terms = await Creditors(self._unit).terms_on(case.creditor_id, self._today)
        authority: Authority = terms.authority(concession_authority())
        if wish.kind not in terms.concessions.kinds:
            raise ConcessionRefused(reason="creditor_does_not_allow_kind")
        owed = (await Ledger.of(self._unit, case)).owed
        proposal = propose(owed, wish, authority.most_instalments)
        if isinstance(proposal, RefusedProposal):
            raise ConcessionRefused(reason=proposal.reason)
        path = approval_path(Request(wish.kind, proposal.offer, wish.instalments), authority)
        if isinstance(path, RefusedRequest):
            raise ConcessionRefused(reason=path.reason)
        return Proposed(owed, proposal.offer, proposal.plan, path)

    async def _check_signer(self, concession: Concession) -> None:
        # Four eyes: nobody grants what she asked for, and nobody signs twice.
        if not may_decide(concession, self._unit.caller.person_id, await self._roles()):
            raise NotYoursToDecide

    async def _roles(self) -> frozenset[str]:
        person_id = self._unit.caller.person_id
        return await repository.roles_of(self._unit.session, person_id) if person_id else frozenset()

    def _waiting(self, wanted: ConcessionFilter, roles: frozenset[str]) -> ConcessionFilter:
        return ConcessionFilter(
            wanted.case_id,
            frozenset({State.SUBMITTED, State.FIRST_REVIEW, State.CREDITOR_REVIEW}),
            wanted.kinds,
            wanted.asked_by,
            roles,
            self._unit.caller.person_id,
        )

    def _signature(self, role: str, approves: bool) -> dict[str, Any]:
        return {"role": role, "approves": approves, "by": str(self._unit.caller.person_id)}

    def _remember(self, action: AuditAction, concession: Concession, **facts: Any) -> None:
        facts |= {"kind": concession.kind, "payable_fen": concession.payable_fen}
        self._unit.remember(action, ("concession", concession.id), case_id=str(concession.case_id), **facts)

    @property
    def _today(self) -> date:
        return in_china(self._unit.now).date()


def _body(proposed: Proposed, valid_until: date | None) -> dict[str, Any]:
    return {
        "owed": kept(proposed.owed),
        "pays": kept(proposed.offer.pays),
        "waives": kept(proposed.offer.waives),
        "plan": kept_plan(proposed.plan) if proposed.plan else None,
        "roles": list(proposed.path.roles),
        "creditor_decides": proposed.path.creditor_decides,
        "next_role": proposed.path.roles[0],
        "signatures": [],
        "wanted_until": valid_until.isoformat() if valid_until else None,
    }
