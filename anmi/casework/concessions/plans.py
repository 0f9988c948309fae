"""Payment plans: signed on a granted concession, paid instalment by instalment, breached by money that did not come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives, visible
from anmi.casework.concessions import repository
from anmi.casework.concessions.events import PlanBreached, PlanSigned
from anmi.casework.concessions.models import Concession, Installment, PaymentPlan
from anmi.casework.concessions.steps import TOPIC, Steps
from anmi.casework.concessions.views import PlanView, grant_of, plan_view
from anmi.casework.creditors.service import Creditors
from anmi.core import case_life
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability
from anmi.core.concessions import Event, State, may_quote
from anmi.core.money import ZERO, Money, total
from anmi.core.payment_plans import Instalment, RefusedPlan, fill, is_breached, plan
from anmi.core.payment_plans import PaymentPlan as Agreed
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

OPEN, KEPT, BREACHED, CANCELLED = "open", "kept", "breached", "cancelled"
PAID: Final = "paid"


class PlanNotGranted(Conflict):
    """Only what is granted and has not run out may be signed."""

    code = "PLAN_NOT_GRANTED"
    zh, en = "没有已批复且在有效期内的分期方案", "There are no instalments that are granted and have not run out"


class PlanDayPast(Invalid):
    """A first instalment cannot be due before the plan is signed."""

    code = "PLAN_DAY_PAST"
    zh, en = "首期还款日不能早于签署日", "The first instalment is due before the plan is signed"


class PlanNotOpen(Conflict):
    """The plan is over."""

    code = "PLAN_NOT_OPEN"
    zh, en = "该分期协议已结束（{state}）", "The plan is over ({state})"


class PaymentPlans:
    """The payment plans of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._lives = CaseLives(unit)
        self._steps = Steps(unit)

    async def page(self, state: str | None, case_id: UUID | None, ask: Ask) -> tuple[list[PlanView], str | None]:
        """Return one page of the plans within sight, and the cursor of the next."""
        session = self._unit.session
        rows, following = await repository.plans_page(session, visible(self._unit), state, case_id, ask)
        parts = await repository.installments(session, [row.id for row in rows])
        views = [plan_view(row, [part for part in parts if part.plan_id == row.id]) for row in rows]
        return views, following

    async def get(self, plan_id: UUID) -> PlanView:
        """Return a plan within reach, with its instalments."""
        found = await repository.plan(self._unit.session, plan_id)
        if found is None:
            raise NotFound
        await self._lives.get(found.case_id)
        return plan_view(found, await repository.installments(self._unit.session, [found.id]))

    async def sign(
        self,
        case_id: UUID | None,
        concession_id: UUID | None,
        signed_on: date,
        *,
        is_oral: bool = False,
        first_due_on: date | None = None,
    ) -> PaymentPlan:
        """Sign granted instalments, named by case or concession; what was paid meanwhile is not asked for again."""
        if case_id is None and concession_id is not None:
            case_id = await repository.case_of(self._unit.session, concession_id)
        if case_id is None:
            raise NotFound
        case = await self._lives.get(case_id, Permission.CASES_WORK, lock=True)
        self._lives.require(case, Capability.SIGN_PLAN)
        concession = await self._granted(case, signed_on)
        agreed = await self._agree(concession, signed_on, first_due_on)
        signed = PaymentPlan(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            concession_id=concession.id,
            total_fen=agreed.amount.fen,
            state=OPEN,
            signed_on=signed_on,
            is_oral=is_oral,
            version=1,
        )
        self._unit.session.add(signed)
        await self._unit.session.flush()
        self._unit.session.add_all(
            Installment(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                plan_id=signed.id,
                number=one.number,
                due_on=one.due_on,
                amount_fen=one.amount.fen,
                received_fen=0,
                state=OPEN,
                version=1,
            )
            for one in agreed.instalments
        )
        terms = await Creditors(self._unit).terms_on(case.creditor_id, self._today)
        last = agreed.instalments[-1].due_on
        concession.valid_until = last + timedelta(days=terms.concessions.plan_grace_days)
        await self._steps.take_if_known(case, concession, Event.ACCEPTED, note="plan_signed")
        await self._lives.step(case, case_life.Event.PLAN_SIGNED, None, plan_id=str(signed.id))
        self._unit.remember(
            AuditAction.PLAN_SIGNED,
            ("payment_plan", signed.id),
            case_id=str(case.id),
            total_fen=signed.total_fen,
            installments=len(agreed.instalments),
            is_oral=is_oral,
        )
        self._unit.announce(PlanSigned(signed.id, case.id))
        self._tell(case, signed, "PlanSigned")
        return signed

    async def breach(self, plan_id: UUID, reason: str) -> PaymentPlan:
        """Say that a plan is not kept: relief is gone and collection goes on."""
        found = await repository.plan(self._unit.session, plan_id)
        if found is None:
            raise NotFound
        case = await self._lives.get(found.case_id, Permission.CASES_WORK, lock=True)
        await self._unit.session.refresh(found)
        if found.state != OPEN:
            raise PlanNotOpen(state=found.state)
        await self._breach(case, found, reason)
        return found

    async def sweep(self, case_id: UUID) -> None:
        """Breach the plan of a case when its instalments did not come in time."""
        case = await self._lives.of_system(case_id)
        found = await repository.plan_of(self._unit.session, case.id)
        if found is None:
            return
        terms = await Creditors(self._unit).terms_on(case.creditor_id, self._today)
        parts = await repository.installments(self._unit.session, [found.id])
        agreed = Agreed(tuple(Instalment(one.number, one.due_on, Money(one.amount_fen), ZERO) for one in parts))
        received = await self._received(found)
        if is_breached(agreed, received, self._today, terms.concessions.plan_grace_days):
            await self._breach(case, found, "installment_overdue")

    async def settle(self, case: Case) -> None:
        """Reckon anew which instalments of a case's plan are paid. The caller has locked the case."""
        found = await repository.plan_of(self._unit.session, case.id)
        if found is None:
            return
        parts = await repository.installments(self._unit.session, [found.id])
        received = total([amount for _, amount in await self._received(found)])
        for part, filled in zip(parts, fill([Money(one.amount_fen) for one in parts], received), strict=True):
            if part.received_fen != filled.fen:
                part.received_fen = filled.fen
                part.state = PAID if filled.fen == part.amount_fen else OPEN
                part.version += 1
        await self._unit.session.flush()

    async def end(self, case: Case, state: str) -> None:
        """End the plan of a case: kept, or cancelled with the case."""
        found = await repository.plan_of(self._unit.session, case.id)
        if found is not None:
            found.state = state
            found.version += 1
            await self._unit.session.flush()

    async def reopen(self, case: Case) -> None:
        """Let a plan stand again whose last payment was none."""
        found = await repository.plan_of(self._unit.session, case.id, state=KEPT)
        if found is not None:
            found.state = OPEN
            found.version += 1
            await self._unit.session.flush()

    async def _granted(self, case: Case, signed_on: date) -> Concession:
        concession = await repository.live(self._unit.session, case.id, granted=True)
        if concession is None or not concession.body["plan"] or signed_on > self._today:
            raise PlanNotGranted
        if not may_quote(State(concession.state), grant_of(concession), self._today):
            raise PlanNotGranted
        return concession

    async def _agree(self, concession: Concession, signed_on: date, first_due_on: date | None) -> Agreed:
        planned = concession.body["plan"]
        first = first_due_on or date.fromisoformat(planned[0]["due_on"])
        if first < signed_on:
            raise PlanDayPast
        paid = await repository.received(self._unit.session, concession.case_id, concession.asked_at)
        left = Money(concession.payable_fen - sum(fen for _, fen in paid))
        # A down payment stays what it was, if nothing was paid meanwhile.
        down = Money(planned[0]["amount_fen"]) if not paid else ZERO
        agreed = plan(left, len(planned), first, most=len(planned), down_payment=down)
        if isinstance(agreed, RefusedPlan):
            raise PlanNotGranted
        return agreed

    async def _received(self, signed: PaymentPlan) -> list[tuple[date, Money]]:
        """Return what came in for a plan: all since its concession was asked for, less what came before signing."""
        if signed.concession_id is None:
            return []
        concession = await self._unit.session.get_one(Concession, signed.concession_id)
        before = concession.payable_fen - signed.total_fen
        received: list[tuple[date, Money]] = []
        for paid_on, fen in await repository.received(self._unit.session, signed.case_id, concession.asked_at):
            counted = max(fen - before, 0)
            before = max(before - fen, 0)
            received.append((paid_on, Money(counted)))
        return received

    async def _breach(self, case: Case, signed: PaymentPlan, reason: str) -> None:
        signed.state = BREACHED
        signed.version += 1
        concession = await repository.live(self._unit.session, case.id, granted=True)
        if concession is not None and concession.id == signed.concession_id:
            await self._steps.take_if_known(case, concession, Event.BROKEN, note=reason)
        if case.state is case_life.State.ON_PLAN:
            await self._lives.step(case, case_life.Event.PLAN_BREACHED, reason, plan_id=str(signed.id))
        self._unit.remember(AuditAction.PLAN_BREACHED, ("payment_plan", signed.id), case_id=str(case.id), reason=reason)
        self._unit.announce(PlanBreached(signed.id, case.id))
        self._tell(case, signed, "PlanBreached")

    def _tell(self, case: Case, signed: PaymentPlan, kind: str) -> None:
        self._unit.tell(TOPIC, kind, plan_id=signed.id, case_id=case.id, unit_id=case.unit_id)
        self._lives.tell(case, kind)

    @property
    def _today(self) -> date:
        return in_china(self._unit.now).date()
