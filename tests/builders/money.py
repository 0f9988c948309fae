"""Money for tests: accounts with all their components, payments that came, and what the book of a case says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from anmi.casework.cases.models import Account, Case
from anmi.casework.cases.service import CaseLives
from anmi.casework.payments.models import Payment
from anmi.casework.payments.service import PaymentClaim, Payments
from anmi.core.money import Money
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.builders.cases import a_case
from tests.builders.people import Agency


async def a_debt(
    units: Units,
    agency: Agency,
    principal: str = "1000",
    interest: str = "100",
    penalty: str = "50",
    fee: str = "20",
    more_accounts: int = 0,
    **facts: Any,
) -> Case:
    """Make a case whose accounts owe all kinds of components; further accounts owe the same, on younger loans."""
    parts = {"principal_fen": principal, "interest_fen": interest, "penalty_fen": penalty, "fee_fen": fee}
    fen = {column: Money.of(amount).fen for column, amount in parts.items()}
    case = await a_case(units, agency, owing=str(Money(sum(fen.values()) * (1 + more_accounts))), **facts)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        first = (await unit.session.scalars(select(Account).where(Account.case_id == case.id))).one()
        for column, amount in fen.items():
            setattr(first, column, amount)
        first.loan_on = date(2024, 1, 1)
        for number in range(more_accounts):
            unit.session.add(
                Account(
                    id=new_id(),
                    tenant_id=agency.tenant_id,
                    case_id=case.id,
                    loan_on=date(2024, 2 + number, 1),
                    version=1,
                    **fen,
                )
            )
    return case


async def a_payment(
    units: Units, agency: Agency, case: Case | UUID, amount: str = "100", paid_on: date = date(2026, 3, 4), **facts: Any
) -> Payment:
    """Let money come in on a case, booked at once; what follows from it happens."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        held = await CaseLives(unit).of_system(case if isinstance(case, UUID) else case.id)
        return await Payments(unit).receive(held, PaymentClaim(Money.of(amount), paid_on, **facts))


@dataclass(frozen=True, slots=True)
class Book:
    """What the book of a case says at this moment."""

    case: Case
    accounts: list[Account]

    @property
    def parts(self) -> dict[str, int]:
        """Return what is owed, by column, over all accounts."""
        columns = ("principal_fen", "interest_fen", "penalty_fen", "fee_fen")
        return {column: sum(getattr(account, column) for account in self.accounts) for column in columns}

    def adds_up(self) -> bool:
        """Say whether components are owing, nothing is below nothing, and nothing was lost."""
        case = self.case
        return (
            case.owing_fen == sum(self.parts.values())
            and min(self.parts.values()) >= 0
            and case.paid_fen + case.waived_fen + case.owing_fen == case.placed_fen
        )


async def the_book(units: Units, agency: Agency, case: Case | UUID) -> Book:
    """Read the book of a case anew."""
    case_id = case if isinstance(case, UUID) else case.id
    async with units.begin(the_system(agency.tenant_id)) as unit:
        row = await unit.session.get_one(Case, case_id)
        accounts = await unit.session.scalars(select(Account).where(Account.case_id == case_id).order_by(Account.id))
        return Book(row, list(accounts))
