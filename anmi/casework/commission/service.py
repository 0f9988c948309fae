"""Commission statements: drafted from what was booked, sent to the creditor, agreed. Each fen is on one line.

What counts is what was booked on accounts within the period; a reversal takes its commission back in the period in
which it happens. Over-payments are the debtor's and earn nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from anmi.casework.commission import repository
from anmi.casework.commission.events import CommissionMoved
from anmi.casework.commission.models import CommissionLine, CommissionStatement
from anmi.casework.creditors.service import Creditors
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china, start_of
from anmi.core.commission import CommissionTable, Recovered, StatementLine, statement
from anmi.core.money import Money
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = ["Commissions"]

DRAFT: Final = "draft"
SENT: Final = "sent"
AGREED: Final = "agreed"


class PeriodTaken(Conflict):
    """Another statement of the creditor has some of these days."""

    code = "COMMISSION_PERIOD_TAKEN"
    zh, en = "该期间与已有结佣单（{period}）重叠", "The period overlaps with the statement of {period}"


class PeriodNotOver(Invalid):
    """Commission is due for days that are over."""

    code = "COMMISSION_PERIOD"
    zh, en = "结佣期间须已结束，且起止日期正确", "The period has to be over, and end after it begins"


class CommissionNotThere(Conflict):
    """The statement is not where this begins."""

    code = "COMMISSION_STATE"
    zh, en = "结佣单当前状态（{state}）不允许此操作", "A statement that is {state} does not allow this"


class Commissions:
    """The commission statements of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(
        self, creditor_id: UUID | None, ask: Ask
    ) -> tuple[Sequence[tuple[CommissionStatement, str]], str | None]:
        """Return one page of statements with the creditors' names, and the cursor of the next."""
        return await repository.page(self._unit.session, creditor_id, ask)

    async def get(self, statement_id: UUID) -> tuple[CommissionStatement, str, Sequence[Row[Any]]]:
        """Return a statement with the creditor's name and the sums by bucket and tier."""
        found = await repository.statement(self._unit.session, statement_id)
        if found is None:
            raise NotFound
        creditor = await Creditors(self._unit).get(found.creditor_id)
        return found, creditor.name, await repository.groups(self._unit.session, statement_id)

    async def lines(self, statement_id: UUID, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
        """Return one page of a statement's lines, and the cursor of the next."""
        await self.get(statement_id)
        return await repository.lines_page(self._unit.session, statement_id, ask)

    async def draft(self, creditor_id: UUID, from_on: date, until_on: date) -> CommissionStatement:
        """Reckon the commission of a period; a draft of the same period is reckoned anew."""
        # Held: two drafts of one creditor are made one after the other.
        await Creditors(self._unit).get(creditor_id, lock=True)
        if not from_on <= until_on < in_china(self._unit.now).date():
            raise PeriodNotOver
        drafted = await self._draft_of(creditor_id, from_on, until_on)
        terms = await Creditors(self._unit).terms_on(creditor_id, until_on)
        rows = await repository.recovered(
            self._unit.session, creditor_id, start_of(from_on), start_of(until_on + timedelta(days=1))
        )
        recovered = [Recovered(str(row.id), row.bucket, row.tier, Money(int(row.base_fen))) for row in rows]
        reckoned = statement(terms.commission, recovered)
        drafted.base_fen = sum(one.amount.fen for one in recovered)
        drafted.commission_fen = reckoned.total.fen
        drafted.made_at, drafted.made_by = self._unit.now, self._unit.caller.person_id
        self._unit.session.add(drafted)
        await self._unit.session.flush()
        bases = {one.payment_id: one.amount.fen for one in recovered}
        for group in reckoned.lines:
            rate = str(_rate(terms.commission, group))
            self._unit.session.add_all(
                self._line(drafted, payment_id, bases[payment_id], rate, part.fen)
                for payment_id, part in group.parts.items()
            )
        self._unit.session.add_all(
            self._line(drafted, one.payment_id, one.amount.fen, None, 0) for one in reckoned.without_rate
        )
        await self._unit.session.flush()
        self._say(drafted, AuditAction.COMMISSION_DRAFTED)
        return drafted

    async def send(self, statement_id: UUID, version: int) -> CommissionStatement:
        """Say that the creditor has it; from now on it does not change."""
        return await self._move(statement_id, version, DRAFT, SENT, AuditAction.COMMISSION_SENT)

    async def agree(self, statement_id: UUID, version: int) -> CommissionStatement:
        """Say that the creditor agrees to it."""
        return await self._move(statement_id, version, SENT, AGREED, AuditAction.COMMISSION_AGREED)

    async def _draft_of(self, creditor_id: UUID, from_on: date, until_on: date) -> CommissionStatement:
        for other in await repository.meeting(self._unit.session, creditor_id, from_on, until_on):
            if (other.from_on, other.until_on, other.state) != (from_on, until_on, DRAFT):
                raise PeriodTaken(period=f"{other.from_on}/{other.until_on}")
            await repository.clear(self._unit.session, other.id)
            other.version += 1
            return other
        return CommissionStatement(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            creditor_id=creditor_id,
            from_on=from_on,
            until_on=until_on,
            state=DRAFT,
            version=1,
        )

    async def _move(
        self, statement_id: UUID, version: int, before: str, after: str, action: AuditAction
    ) -> CommissionStatement:
        found = await repository.statement(self._unit.session, statement_id, lock=True)
        if found is None:
            raise NotFound
        found.edit(version)
        if found.state != before:
            raise CommissionNotThere(state=found.state)
        found.state = after
        self._say(found, action)
        return found

    def _line(
        self, drafted: CommissionStatement, payment_id: str, base_fen: int, rate: str | None, commission_fen: int
    ) -> CommissionLine:
        return CommissionLine(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            statement_id=drafted.id,
            payment_id=UUID(payment_id),
            base_fen=base_fen,
            rate=rate,
            commission_fen=commission_fen,
        )

    def _say(self, found: CommissionStatement, action: AuditAction) -> None:
        self._unit.remember(
            action,
            ("commission_statement", found.id),
            creditor_id=str(found.creditor_id),
            period=f"{found.from_on}/{found.until_on}",
            base_fen=found.base_fen,
            commission_fen=found.commission_fen,
        )
        self._unit.announce(CommissionMoved(found.id, found.creditor_id), "commission")


def _rate(table: CommissionTable, group: StatementLine) -> Fraction:
    """Return the rate of a group: the contract's where it has one for all sums, else what the steps came to."""
    row = table.row(group.bucket, group.placement_tier)
    if row is not None and len(row.steps) == 1:
        return row.steps[0][1]
    return Fraction(group.commission.fen, group.base.fen) if group.base else Fraction(0)
