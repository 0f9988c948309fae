"""Payments: claimed, posted in the contract's order, rejected, reversed.

Money is never lost: what is more than all that is owed stays on its payment as the debtor's, and a reversal books the
opposite of what was booked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives, visible
from anmi.casework.creditors.service import Creditors
from anmi.casework.payments import repository, statement_repository
from anmi.casework.payments.events import PaymentClaimed, PaymentPosted, PaymentRejected, PaymentReversed
from anmi.casework.payments.ledger import Ledger, PaidBy, WaivedBy, kept, read_balance
from anmi.casework.payments.models import PAYER, LineState, Payment, PaymentMethod, PaymentState
from anmi.casework.payments.repository import PaymentFilter
from anmi.casework.payments.views import PaymentView, view_of
from anmi.core.audit_actions import AuditAction
from anmi.core.balance import NOTHING_OWED
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability
from anmi.core.masking import mask_digits
from anmi.core.money import Money
from anmi.core.payment_allocation import spread
from anmi.core.payment_lines import KnownPayment
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.events import Event
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = [
    "TOPIC",
    "Ledger",
    "LineState",
    "PaidBy",
    "PaymentClaim",
    "PaymentFilter",
    "PaymentMethod",
    "PaymentState",
    "PaymentView",
    "Payments",
    "WaivedBy",
    "kept",
    "read_balance",
]

TOPIC: Final = "payments"


class PaymentNotThere(Conflict):
    """The payment is not where this begins."""

    code = "PAYMENT_STATE"
    zh, en = "该笔还款当前状态（{state}）不允许此操作", "A payment that is {state} does not allow this"


class PaymentKnown(Conflict):
    """The case has this payment already."""

    code = "PAYMENT_KNOWN"
    zh, en = "该案件已有同一流水号、同一金额的还款", "The case has a payment of this sum under this reference"


class PaidInFuture(Invalid):
    """Nobody has paid tomorrow."""

    code = "PAID_IN_FUTURE"
    zh, en = "还款日期不能晚于今天", "The day of payment lies in the future"


@dataclass(frozen=True, slots=True)
class PaymentClaim:
    """Money that somebody says was paid."""

    amount: Money
    paid_on: date
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    payer: str | None = None
    reference: str | None = None
    note: str = ""


class Payments:
    """The payments of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._lives = CaseLives(unit)

    async def page(self, wanted: PaymentFilter, ask: Ask) -> tuple[list[PaymentView], str | None]:
        """Return one page of the payments within sight, and the cursor of the next."""
        sight = visible(self._unit, Permission.PAYMENTS_READ)
        rows, following = await repository.page(self._unit.session, sight, wanted, ask)
        return [view_of(self._unit, row) for row in rows], following

    async def figures(self, wanted: PaymentFilter) -> dict[PaymentState, tuple[int, int]]:
        """Return how many payments within sight there are and what they come to, by state."""
        sight = visible(self._unit, Permission.PAYMENTS_READ)
        rows = await repository.figures(self._unit.session, sight, wanted)
        return {PaymentState(state): (count, int(fen)) for state, count, fen in rows}

    async def get(self, payment_id: UUID, permission: Permission = Permission.PAYMENTS_READ) -> PaymentView:
        """Return a payment within reach, with its postings."""
        row = await repository.shown(self._unit.session, visible(self._unit, permission), payment_id)
        if row is None:
            raise NotFound
        return view_of(self._unit, row, await repository.postings(self._unit.session, payment_id=payment_id))

    async def claim(self, case_id: UUID, claim: PaymentClaim, proof_key: str | None = None) -> Payment:
        """Write down that money is said to have been paid; nothing is owed less before it has come."""
        case = await self._lives.get(case_id, Permission.CASES_WORK)
        self._lives.require(case, Capability.POST_PAYMENT)
        payment = await self._write(case, claim)
        payment.proof_key = proof_key
        await self._say(PaymentClaimed(payment.id, case.id), case)
        return payment

    async def post(self, payment_id: UUID, amount: Money | None = None) -> Payment:
        """Book money that has come; `amount` is what came, where it is not what was claimed."""
        case, payment = await self._held(payment_id, PaymentState.CLAIMED)
        if amount is not None:
            payment.amount_fen = amount.fen
        await self._book(case, payment)
        return payment

    async def receive(self, case: Case, claim: PaymentClaim) -> Payment:
        """Book money that a creditor's sheet says has come. The caller has locked the case."""
        self._lives.require(case, Capability.POST_PAYMENT)
        payment = await self._write(case, claim)
        await self._book(case, payment)
        return payment

    async def known(self, case_ids: Collection[UUID]) -> dict[UUID, list[KnownPayment]]:
        """Return the payments of cases that are booked or claimed, for a list to be held against."""
        known: dict[UUID, list[KnownPayment]] = {}
        for one in await repository.standing(self._unit.session, case_ids):
            is_booked = one.state is PaymentState.POSTED
            seen = KnownPayment(str(one.id), Money(one.amount_fen), one.paid_on, one.reference, is_booked)
            known.setdefault(one.case_id, []).append(seen)
        return known

    async def reject(self, payment_id: UUID, reason: str) -> Payment:
        """Say that claimed money did not come."""
        case, payment = await self._held(payment_id, PaymentState.CLAIMED)
        payment.state = PaymentState.REJECTED
        payment.version += 1
        self._remember(AuditAction.PAYMENT_REJECTED, payment, reason=mask_digits(reason))
        await self._say(PaymentRejected(payment.id, case.id), case)
        return payment

    async def reverse(self, payment_id: UUID, reason: str) -> Payment:
        """Take back money that was none; payments that came later keep their places."""
        case, payment = await self._held(payment_id, PaymentState.POSTED)
        await (await Ledger.of(self._unit, case)).undo(PaidBy(payment.id))
        await statement_repository.release(self._unit.session, payment.id)
        payment.state = PaymentState.REVERSED
        payment.reversed_at, payment.reversed_by = self._unit.now, self._unit.caller.person_id
        payment.version += 1
        self._remember(AuditAction.PAYMENT_REVERSED, payment, reason=mask_digits(reason))
        await self._say(PaymentReversed(payment.id, case.id), case)
        return payment

    async def use_over(self, case: Case) -> None:
        """Book what came in too much on what is owed again, the oldest money first. The caller has locked the case."""
        if not case.owing_fen:
            return
        terms = await Creditors(self._unit).terms_on(case.creditor_id, in_china(self._unit.now).date())
        ledger = await Ledger.of(self._unit, case)
        for payment in await repository.overpaid(self._unit.session, case.id):
            booked = spread(Money(payment.over_fen), ledger.owing, terms.order)
            used = ledger.book(PaidBy(payment.id), booked.postings)
            if not used:
                break
            payment.over_fen = booked.over.fen
            payment.version += 1
            self._remember(AuditAction.PAYMENT_POSTED, payment, used_over_fen=used.fen)
        await self._unit.session.flush()

    async def _write(self, case: Case, claim: PaymentClaim) -> Payment:
        if claim.paid_on > in_china(self._unit.now).date():
            raise PaidInFuture
        session = self._unit.session
        if claim.reference and await repository.is_known(session, case.id, claim.amount.fen, claim.reference):
            raise PaymentKnown
        payment = Payment(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            state=PaymentState.CLAIMED,
            amount_fen=claim.amount.fen,
            over_fen=0,
            paid_on=claim.paid_on,
            method=claim.method,
            payer_sealed=self._unit.seal(PAYER, claim.payer) if claim.payer else None,
            reference=claim.reference,
            claimed_at=self._unit.now,
            claimed_by=self._unit.caller.person_id,
            collector_id=case.holder_id,
            note=claim.note,
            version=1,
        )
        session.add(payment)
        await session.flush()
        return payment

    async def _book(self, case: Case, payment: Payment) -> None:
        today = in_china(self._unit.now).date()
        terms = await Creditors(self._unit).terms_on(case.creditor_id, today)
        ledger = await Ledger.of(self._unit, case)
        # Money that was paid in time counts, however long it took through the bank.
        granted = await repository.granted(self._unit.session, case.id, payment.paid_on)
        spared = read_balance(granted.body["waives"]) if granted else NOTHING_OWED
        booked = spread(Money(payment.amount_fen), ledger.owing, terms.order, spared)
        ledger.book(PaidBy(payment.id), booked.postings)
        payment.state = PaymentState.POSTED
        payment.over_fen = booked.over.fen
        payment.posted_at, payment.posted_by = self._unit.now, self._unit.caller.person_id
        payment.version += 1
        self._remember(AuditAction.PAYMENT_POSTED, payment)
        await self._say(PaymentPosted(payment.id, case.id), case)

    async def _held(self, payment_id: UUID, state: PaymentState) -> tuple[Case, Payment]:
        case_id = await repository.case_of(self._unit.session, payment_id)
        if case_id is None:
            raise NotFound
        # The case is locked first: whoever moves its money waits here.
        case = await self._lives.get(case_id, Permission.PAYMENTS_POST, lock=True)
        payment = await repository.payment(self._unit.session, payment_id)
        if payment is None:
            raise NotFound
        if payment.state is not state:
            raise PaymentNotThere(state=payment.state)
        self._lives.require(case, Capability.POST_PAYMENT)
        return case, payment

    def _remember(self, action: AuditAction, payment: Payment, **facts: Any) -> None:
        facts |= {"amount_fen": payment.amount_fen, "over_fen": payment.over_fen}
        self._unit.remember(action, ("payment", payment.id), case_id=str(payment.case_id), **facts)

    async def _say(self, event: Event, case: Case) -> None:
        await self._unit.session.flush()
        self._unit.announce(event)
        kind = type(event).__name__
        self._unit.tell(TOPIC, kind, case_id=case.id, unit_id=case.unit_id)
        self._lives.tell(case, kind)
