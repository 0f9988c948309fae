"""What money does to a case beyond its accounts: relief is earned, a plan goes on, the case closes or opens again.

Paid in full and settled in full stay two things; which of them it is, the rule book says (`anmi.core.closing`).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives
from anmi.casework.concessions import repository
from anmi.casework.concessions.models import Concession
from anmi.casework.concessions.plans import CANCELLED, KEPT, PaymentPlans
from anmi.casework.concessions.steps import Steps
from anmi.casework.concessions.views import grant_of
from anmi.casework.creditors.service import Creditors
from anmi.casework.payments.service import Ledger, Payments, WaivedBy
from anmi.core import case_life
from anmi.core.calendar import in_china
from anmi.core.closing import ClosingReason, Settlement, closing_reason
from anmi.core.concessions import Event, State, lapse
from anmi.core.money import Money, total
from anmi.core.payment_allocation import Posting
from anmi.kit.unit_of_work import UnitOfWork

_STEP_OF = {
    ClosingReason.PAID_IN_FULL: case_life.Event.PAID_IN_FULL,
    ClosingReason.SETTLED_IN_FULL: case_life.Event.SETTLED_IN_FULL,
}


class Settling:
    """Follows payments, on behalf of whoever booked them."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._lives = CaseLives(unit)
        self._steps = Steps(unit)
        self._plans = PaymentPlans(unit)

    async def after_payment(self, case_id: UUID) -> None:
        """Let follow what follows from money that came in."""
        case = await self._lives.of_system(case_id)
        if case.state in case_life.OPEN or case.state in case_life.BEFORE_WORK:
            await self._follow(case)

    async def after_restating(self, case_id: UUID) -> None:
        """Close a case of which the creditor says that nothing is owed any more."""
        case = await self._lives.of_system(case_id)
        if case.owing_fen == 0 and (case.state, case_life.Event.PAID_IN_FULL) in case_life.STEPS:
            await self._lives.step(case, case_life.Event.PAID_IN_FULL, "balance_restated")

    async def after_reversal(self, case_id: UUID) -> None:
        """Open a case again whose money was none; what was waived for it is owed again."""
        case = await self._lives.of_system(case_id)
        if case.state in case_life.PAID and case.owing_fen + case.waived_fen > 0:
            await self._undo_relief(case)
        # What came in too much pays what is owed again.
        await Payments(self._unit).use_over(case)
        if case.state in case_life.PAID and case.owing_fen:
            await self._lives.step(case, case_life.Event.PAYMENT_REVERSED)
            await self._lives.resume(case)
        if case.state in case_life.OPEN:
            await self._follow(case)

    async def after_closing(self, case_id: UUID) -> None:
        """End what still stands on a case that has closed."""
        case = await self._lives.of_system(case_id)
        concession = await repository.live(self._unit.session, case.id)
        if concession is not None:
            await self._steps.take_if_known(case, concession, Event.WITHDRAWN, Event.BROKEN, note="case_closed")
        await self._plans.end(case, CANCELLED)

    async def lapse(self, concession_id: UUID) -> None:
        """End a granted concession whose last day, and the days money takes through the bank, are over."""
        case_id = await repository.case_of(self._unit.session, concession_id)
        if case_id is None:
            return
        case = await self._lives.of_system(case_id)
        concession = await repository.concession(self._unit.session, concession_id)
        if concession is None:
            return
        has_plan = await repository.plan_of(self._unit.session, case.id) is not None
        terms = await Creditors(self._unit).terms_on(case.creditor_id, self._today)
        day = self._today - timedelta(days=terms.promise.claim_days)
        event = lapse(State(concession.state), grant_of(concession), day, has_plan=has_plan)
        if event is not None:
            await self._steps.take(case, concession, event, "valid_until_is_past")

    async def _follow(self, case: Case) -> None:
        concession = await repository.live(self._unit.session, case.id, granted=True)
        await self._plans.settle(case)
        received = await self._received(concession)
        paid = total([amount for _, amount in received])
        reason = closing_reason(Money(case.owing_fen) + paid, tuple(received), _settlement(concession))
        if concession is not None and paid:
            await self._steps.take_if_known(case, concession, Event.ACCEPTED)
        if reason is None:
            if concession is not None and paid:
                await self._steps.take_if_known(case, concession, Event.FIRST_PAID)
            return
        if concession is not None:
            if reason is ClosingReason.SETTLED_IN_FULL:
                await self._waive_rest(case, concession)
            await self._steps.take_if_known(case, concession, Event.COMPLETED)
            await self._plans.end(case, KEPT)
        if (case.state, _STEP_OF[reason]) in case_life.STEPS:
            await self._lives.step(case, _STEP_OF[reason])

    async def _waive_rest(self, case: Case, concession: Concession) -> None:
        ledger = await Ledger.of(self._unit, case)
        ledger.book(WaivedBy(concession.id), [Posting(one.account_id, one.owed) for one in ledger.owing])
        await self._unit.session.flush()

    async def _undo_relief(self, case: Case) -> None:
        concession = await repository.last_completed(self._unit.session, case.id)
        if concession is not None:
            await (await Ledger.of(self._unit, case)).undo(WaivedBy(concession.id))
            await self._steps.take(case, concession, Event.PAYMENT_REVERSED, "payment_reversed")
            await self._plans.reopen(case)

    async def _received(self, concession: Concession | None) -> list[tuple[date, Money]]:
        if concession is None:
            return []
        rows = await repository.received(self._unit.session, concession.case_id, concession.asked_at)
        return [(paid_on, Money(fen)) for paid_on, fen in rows]

    @property
    def _today(self) -> date:
        return in_china(self._unit.now).date()


def _settlement(concession: Concession | None) -> Settlement | None:
    if concession is None or concession.valid_until is None:
        return None
    return Settlement(Money(concession.payable_fen), Money(concession.waived_fen), concession.valid_until)
