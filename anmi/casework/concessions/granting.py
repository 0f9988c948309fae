"""What is granted, whoever says so: the offer that was asked for or another sum, at an unchanged debt, until a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.concessions import repository
from anmi.casework.concessions.models import Concession
from anmi.casework.concessions.steps import Steps
from anmi.casework.creditors.service import Creditors
from anmi.casework.payments.service import Ledger, kept, read_balance
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.concession_offers import settlement
from anmi.core.concessions import Event, State
from anmi.core.creditor_answers import CreditorAnswer, Doubt, Waiting, doubt_of
from anmi.core.masking import mask_digits
from anmi.core.money import Money
from anmi.core.payment_plans import PaymentPlan, RefusedPlan, plan
from anmi.kit.errors import Conflict, Invalid
from anmi.kit.unit_of_work import UnitOfWork


class ConcessionRefused(Invalid):
    """What is wished comes to nothing, or nobody may grant it; `reason` says why."""

    code = "CONCESSION_REFUSED"
    zh, en = "该减免方案不可行（{reason}）", "This concession is not possible ({reason})"


class DebtChanged(Conflict):
    """What is owed is not what it was when relief was asked for."""

    code = "CONCESSION_DEBT_CHANGED"
    zh, en = "申请后欠款已变化，请驳回并重新申请", "The debt has changed since this was asked for; ask anew"


class Granting:
    """Grants concessions of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._steps = Steps(unit)

    async def check_debt(self, case: Case, concession: Concession) -> None:
        """Refuse where the debt is not what it was."""
        if (await Ledger.of(self._unit, case)).owed != read_balance(concession.body["owed"]):
            raise DebtChanged

    async def grant(self, case: Case, concession: Concession, valid_until: date | None) -> None:
        """Set the day until which it holds: the creditor's, else the one that was wished, else the usual."""
        terms = await Creditors(self._unit).terms_on(case.creditor_id, self._today)
        wanted = concession.body["wanted_until"]
        usual = self._today + timedelta(days=terms.concessions.valid_days)
        until = valid_until or (date.fromisoformat(wanted) if wanted else usual)
        if until < self._today:
            raise ConcessionRefused(reason="valid_until_is_past")
        concession.valid_until = until

    async def answer(self, case: Case, concession: Concession, answer: CreditorAnswer, note: str, **facts: Any) -> None:
        """Write down what the creditor answered to a concession that waits for it."""
        if answer.grants:
            await self.check_debt(case, concession)
            if answer.approved is not None and answer.approved.fen != concession.payable_fen:
                _change_offer(concession, answer.approved)
            await self.grant(case, concession, answer.valid_until)
        await self._steps.take(case, concession, Event.APPROVED if answer.grants else Event.REJECTED, note)
        self._unit.remember(
            AuditAction.CONCESSION_ANSWERED,
            ("concession", concession.id),
            case_id=str(concession.case_id),
            kind=concession.kind,
            payable_fen=concession.payable_fen,
            approves=answer.grants,
            note=mask_digits(note),
            **facts,
        )

    @property
    def _today(self) -> date:
        return in_china(self._unit.now).date()


class ListedAnswers:
    """Answers that a creditor sends as a list: what no hand can take, no list can."""

    def __init__(self, unit: UnitOfWork, brought_by: UUID | None) -> None:
        self._unit = unit
        self._brought_by = brought_by

    async def doubts(self, answers: Collection[tuple[Case, CreditorAnswer]]) -> list[Doubt | None]:
        """Say of each answer why it cannot be written down, or None. Nothing is written."""
        waiting = await repository.live_of(self._unit.session, {case.id for case, _ in answers})
        return [await self._doubt(case, waiting.get(case.id), answer) for case, answer in answers]

    async def take(self, case: Case, answer: CreditorAnswer, note: str) -> bool:
        """Write one answer down; say whether it could be. The caller has locked the case."""
        concession = await repository.live(self._unit.session, case.id)
        if concession is None or await self._doubt(case, concession, answer) is not None:
            return False
        await Granting(self._unit).answer(case, concession, answer, note, brought_by=self._brought_by)
        return True

    async def _doubt(self, case: Case, concession: Concession | None, answer: CreditorAnswer) -> Doubt | None:
        waiting = None
        if concession is not None:
            waiting = Waiting(
                State(concession.state),
                read_balance(concession.body["owed"]),
                (await Ledger.of(self._unit, case)).owed,
                len(concession.body["plan"] or ()),
                self._brought_by is not None and self._brought_by == concession.asked_by,
            )
        return doubt_of(answer, waiting, in_china(self._unit.now).date())


def kept_plan(planned: PaymentPlan) -> list[dict[str, Any]]:
    """Return instalments as they are kept in a body."""
    return [{"due_on": one.due_on.isoformat(), "amount_fen": one.amount.fen} for one in planned.instalments]


def _change_offer(concession: Concession, to_pay: Money) -> None:
    """Take over another sum than was asked for; instalments are split anew."""
    owed = read_balance(concession.body["owed"])
    if not 0 < to_pay.fen <= owed.total.fen:
        raise ConcessionRefused(reason="to_pay_out_of_range")
    offer = settlement(owed, to_pay)
    body: dict[str, Any] = {**concession.body, "pays": kept(offer.pays), "waives": kept(offer.waives)}
    if body["plan"]:
        count = len(body["plan"])
        again = plan(to_pay, count, date.fromisoformat(body["plan"][0]["due_on"]), most=count)
        if isinstance(again, RefusedPlan):
            raise ConcessionRefused(reason=f"instalments_{again.reason}")
        body["plan"] = kept_plan(again)
    concession.body = body
    concession.payable_fen, concession.waived_fen = to_pay.fen, offer.waives.total.fen
