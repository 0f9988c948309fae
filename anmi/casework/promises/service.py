"""Promises to pay (承诺还款): taken, kept, partly kept, broken, cancelled.

One promise stands on a case at a time. Payments settle it; the nightly sweep finds what was not kept in its time, with
the tolerance that was agreed with the creditor and the days on which banks are open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import Cases, DayIsPast, day_of, may_see_name, visible
from anmi.casework.creditors.service import Creditors
from anmi.casework.debtors.models import NAME
from anmi.casework.promises import repository
from anmi.casework.promises.events import (
    PromiseBroken,
    PromiseCancelled,
    PromiseKept,
    PromisePartlyKept,
    PromiseTaken,
)
from anmi.casework.promises.models import PromiseToPay
from anmi.casework.promises.repository import PromiseRow
from anmi.casework.tables import holiday_calendar, limitation_table
from anmi.core import promises as rule_book
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability, Event, State
from anmi.core.closing import ClosingReason
from anmi.core.limitation import Interrupt, InterruptKind, limitation_due
from anmi.core.masking import mask_name
from anmi.core.money import Money
from anmi.core.permissions import Permission
from anmi.core.promises import PromiseState
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

LONGEST_DAYS: Final = 60
"""Who needs longer is offered a payment plan."""

_STEP_OF: Final = {
    PromiseState.KEPT: Event.PROMISE_KEPT,
    PromiseState.PARTLY_KEPT: Event.PROMISE_BROKEN,
    PromiseState.BROKEN: Event.PROMISE_BROKEN,
    PromiseState.CANCELLED: Event.PROMISE_CANCELLED,
}
_TOLD_AS: Final = {
    PromiseState.KEPT: PromiseKept,
    PromiseState.PARTLY_KEPT: PromisePartlyKept,
    PromiseState.BROKEN: PromiseBroken,
    PromiseState.CANCELLED: PromiseCancelled,
}
# The diary's own codes for how a promise ended; nobody chooses them.
_RESULT_OF: Final = {PromiseState.KEPT: "KP", PromiseState.PARTLY_KEPT: "BP", PromiseState.BROKEN: "BP"}


class PromiseAlreadyOpen(Conflict):
    """A promise stands on the case already."""

    code = "PROMISE_ALREADY_OPEN"
    zh, en = "该案件已有未到期的承诺", "A promise stands on this case already"


class PromiseIsOver(Conflict):
    """The promise has ended."""

    code = "PROMISE_IS_OVER"
    zh, en = "该承诺已结束", "This promise has ended already"


class MoreThanOwed(Invalid):
    """Nobody promises more than she owes."""

    code = "MORE_THAN_OWED"
    zh, en = "承诺金额超过当前欠款", "This is more than is owed"


class TooFarAhead(Invalid):
    """The day is too far ahead for a promise."""

    code = "PROMISE_TOO_FAR_AHEAD"
    zh, en = (
        "承诺日期最晚为 {days} 天内，更久请办理分期",
        "A promise is for {days} days at the most; offer a plan instead",
    )


@dataclass(frozen=True, slots=True)
class PromiseFilter:
    """Which promises a list shows."""

    states: frozenset[PromiseState] = frozenset()
    due_from: date | None = None
    due_to: date | None = None
    case_id: UUID | None = None
    holder_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise in a list, with the case it is about."""

    promise: PromiseToPay
    serial_no: str
    debtor_name: str
    holder_id: UUID | None


class Promises:
    """The promises of one agency's debtors, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._cases = Cases(unit)

    async def page(self, wanted: PromiseFilter, ask: Ask) -> tuple[list[PromiseView], str | None]:
        """Return one page of the promises within sight, and the cursor of the next."""
        rows, following = await repository.page(self._unit.session, self._conditions(wanted), ask)
        return [self._view(row) for row in rows], following

    async def count(self, wanted: PromiseFilter) -> int:
        """Count the promises within sight."""
        return await repository.count(self._unit.session, self._conditions(wanted))

    async def take(self, case_id: UUID, amount: Money, due_on: date, activity_id: UUID | None = None) -> PromiseToPay:
        """Write down what a debtor promised."""
        case = await self._cases.get(case_id, Permission.CASES_WORK, lock=True)
        return await self.take_on(case, amount, due_on, activity_id)

    async def take_on(self, case: Case, amount: Money, due_on: date, activity_id: UUID | None = None) -> PromiseToPay:
        """Write down a promise on a case that the caller has locked."""
        today = day_of(self._unit).today
        if case.state is State.PROMISED:
            raise PromiseAlreadyOpen
        self._cases.require(case, Capability.TAKE_PROMISE)
        if due_on < today:
            raise DayIsPast
        if due_on > today + timedelta(days=LONGEST_DAYS):
            raise TooFarAhead(days=LONGEST_DAYS)
        if amount.fen > case.owing_fen:
            raise MoreThanOwed
        promise = PromiseToPay(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            amount_fen=amount.fen,
            due_on=due_on,
            state=PromiseState.OPEN,
            received_fen=0,
            taken_at=self._unit.now,
            taken_by=self._unit.caller.person_id,
            activity_id=activity_id,
            version=1,
        )
        async with refused_as(self._unit.session, {"uq_promises_open": PromiseAlreadyOpen()}):
            self._unit.session.add(promise)
        # 民法典 art. 195: who promises to pay consents to the claim, and its time begins anew.
        consent = Interrupt(today, InterruptKind.DEBTOR_CONSENTED)
        case.limitation_on = limitation_due(case.overdue_on, [consent], limitation_table())
        await self._cases.step(case, Event.PROMISE_TAKEN, promise_id=str(promise.id))
        self._unit.announce(PromiseTaken(promise.id, case.id, amount.fen, due_on))
        return promise

    async def cancel(self, promise_id: UUID, reason: str) -> PromiseToPay:
        """Take a promise back before its time."""
        case_id = await repository.case_of(self._unit.session, promise_id)
        if case_id is None:
            raise NotFound
        case = await self._cases.get(case_id, Permission.CASES_WORK, lock=True)
        promise = await repository.open_of(self._unit.session, case_id)
        if promise is None or promise.id != promise_id:
            raise PromiseIsOver
        await self._end(case, promise, PromiseState.CANCELLED, reason)
        return promise

    async def settle(self, case_id: UUID) -> None:
        """Hold the promise of a case against the money that has come, and the day it is."""
        case = await self._cases.of_system(case_id)
        promise = await repository.open_of(self._unit.session, case_id)
        if promise is None:
            return
        today = day_of(self._unit).today
        tolerance = (await Creditors(self._unit).terms_on(case.creditor_id, today)).promise
        taken_on = in_china(promise.taken_at).date()
        promised = rule_book.PromiseToPay(Money(promise.amount_fen), taken_on, promise.due_on)
        receipts = await repository.receipts(self._unit.session, case_id, taken_on)
        promise.received_fen = rule_book.paid_for(promised, receipts, today).fen
        state = rule_book.state(promised, receipts, tolerance, holiday_calendar(), today)
        if state is not PromiseState.OPEN:
            await self._end(case, promise, state, None)

    async def end_with_case(self, case_id: UUID, closing_reason: ClosingReason) -> None:
        """End the promise of a case that has closed: what is paid is kept, the rest is nobody's affair any more."""
        case = await self._cases.of_system(case_id)
        promise = await repository.open_of(self._unit.session, case_id)
        if promise is None:
            return
        is_paid = closing_reason in {ClosingReason.PAID_IN_FULL, ClosingReason.SETTLED_IN_FULL}
        await self._end(case, promise, PromiseState.KEPT if is_paid else PromiseState.CANCELLED, closing_reason)

    async def _end(self, case: Case, promise: PromiseToPay, state: PromiseState, reason: str | None) -> None:
        promise.state, promise.ended_at = state, self._unit.now
        promise.version += 1
        if state in _RESULT_OF:
            case.last_result = _RESULT_OF[state]
        # A case that is held or closed meanwhile stays where it is.
        if case.state is State.PROMISED:
            await self._cases.step(case, _STEP_OF[state], reason, promise_id=str(promise.id))
        self._unit.announce(_TOLD_AS[state](promise.id, case.id))

    def _conditions(self, wanted: PromiseFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [visible(self._unit)]
        if wanted.states:
            conditions.append(PromiseToPay.state.in_(wanted.states))
        if wanted.due_from is not None:
            conditions.append(PromiseToPay.due_on >= wanted.due_from)
        if wanted.due_to is not None:
            conditions.append(PromiseToPay.due_on <= wanted.due_to)
        if wanted.case_id is not None:
            conditions.append(PromiseToPay.case_id == wanted.case_id)
        if wanted.holder_id is not None:
            conditions.append(Case.holder_id == wanted.holder_id)
        return conditions

    def _view(self, row: PromiseRow) -> PromiseView:
        name = self._unit.open(NAME, row.name_sealed)
        shown = name if may_see_name(self._unit, row.case.holder_id, row.case.unit_id) else mask_name(name)
        return PromiseView(row.promise, row.case.serial_no, shown, row.case.holder_id)
