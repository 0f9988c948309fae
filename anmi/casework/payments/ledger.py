"""The book of a case: what its accounts owe, and every posting that changed it.

`Case.owing_fen` is the sum of the accounts' components after every entry, and nothing else writes either of them but a
creditor's own update.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.casework.cases.models import Account, Case
from anmi.casework.payments import repository
from anmi.casework.payments.models import Posting
from anmi.core import payment_allocation
from anmi.core.balance import NOTHING_OWED, Balance, Component
from anmi.core.money import Money
from anmi.core.payment_allocation import AccountOwing
from anmi.kit.unit_of_work import UnitOfWork

# Creditors' sheets put 违约金 and 罚息 in one column, and so do our accounts.
COLUMNS: Final = {
    Component.PRINCIPAL: "principal_fen",
    Component.INTEREST: "interest_fen",
    Component.PENALTY_INTEREST: "penalty_fen",
    Component.FEE: "fee_fen",
}


@dataclass(frozen=True, slots=True)
class PaidBy:
    """A payment as the source of an entry."""

    payment_id: UUID


@dataclass(frozen=True, slots=True)
class WaivedBy:
    """A concession as the source of an entry."""

    concession_id: UUID


Source = PaidBy | WaivedBy


def balance_of(account: Account) -> Balance:
    """Return what an account owes."""
    return Balance.of({component: Money(getattr(account, column)) for component, column in COLUMNS.items()})


def kept(balance: Balance) -> dict[str, int]:
    """Return a balance as it is kept in a body: fen by component."""
    return {component.value: balance[component].fen for component in Component}


def read_balance(body: Mapping[str, int]) -> Balance:
    """Return a balance that was kept."""
    return Balance.of({Component(name): Money(fen) for name, fen in body.items()})


class Ledger:
    """The book of one case, which is held until the transaction ends."""

    def __init__(self, unit: UnitOfWork, case: Case, accounts: Sequence[Account]) -> None:
        self._unit = unit
        self._case = case
        self._accounts = {account.id: account for account in accounts}

    @classmethod
    async def of(cls, unit: UnitOfWork, case: Case) -> Ledger:
        """Open the book of a case that the caller has locked."""
        await unit.session.flush()
        return cls(unit, case, await repository.accounts(unit.session, case.id))

    @property
    def owed(self) -> Balance:
        """Return what the case owes, component by component."""
        return sum((balance_of(account) for account in self._accounts.values()), NOTHING_OWED)

    @property
    def owing(self) -> list[AccountOwing]:
        """Return what each account owes; the older loan is the longer overdue one."""
        return [
            AccountOwing(str(account.id), account.loan_on or self._case.overdue_on, balance_of(account))
            for account in self._accounts.values()
        ]

    def book(self, source: Source, postings: Sequence[payment_allocation.Posting]) -> Money:
        """Take postings off what is owed, or put them back where they are negative; return their sum."""
        booked = NOTHING_OWED
        for posting in postings:
            self._post(source, UUID(posting.account_id), posting.parts)
            booked += posting.parts
        fen = booked.total.fen
        self._case.owing_fen -= fen
        match source:
            case PaidBy():
                self._case.paid_fen += fen
            case WaivedBy():
                self._case.waived_fen += fen
        return Money(fen)

    def restate(self, account_id: UUID, owed: Balance) -> Money:
        """Take over what the creditor says an account owes now; return by how much it is more."""
        account = self._accounts[account_id]
        before = balance_of(account).total
        # What has no column of its own stands with the penalties.
        together = owed + Balance(penalty_interest=owed.late_charge) - Balance(late_charge=owed.late_charge)
        for component, column in COLUMNS.items():
            setattr(account, column, together[component].fen)
        more = owed.total - before
        self._case.owing_fen += more.fen
        return more

    async def undo(self, source: Source) -> Money:
        """Book the opposite of all that came from a source; return what is owed again."""
        return -self.book(source, [_opposite(one) for one in await self.booked(source)])

    async def booked(self, source: Source) -> list[payment_allocation.Posting]:
        """Return what a source has booked in sum on each account."""
        await self._unit.session.flush()
        match source:
            case PaidBy(payment_id):
                rows = await repository.postings(self._unit.session, payment_id=payment_id)
            case WaivedBy(concession_id):
                rows = await repository.postings(self._unit.session, concession_id=concession_id)
        parts: dict[UUID, Balance] = {}
        for row in rows:
            part = Balance.of({Component(row.component): Money(row.amount_fen)})
            parts[row.account_id] = parts.get(row.account_id, NOTHING_OWED) + part
        return [payment_allocation.Posting(str(account_id), part) for account_id, part in parts.items()]

    def _post(self, source: Source, account_id: UUID, parts: Balance) -> None:
        account = self._accounts[account_id]
        for component, column in COLUMNS.items():
            if not parts[component]:
                continue
            setattr(account, column, getattr(account, column) - parts[component].fen)
            self._unit.session.add(
                Posting(
                    tenant_id=self._unit.tenant_id,
                    payment_id=source.payment_id if isinstance(source, PaidBy) else None,
                    concession_id=source.concession_id if isinstance(source, WaivedBy) else None,
                    account_id=account_id,
                    component=component,
                    amount_fen=parts[component].fen,
                    at=self._unit.now,
                )
            )


def _opposite(posting: payment_allocation.Posting) -> payment_allocation.Posting:
    return payment_allocation.Posting(posting.account_id, -posting.parts)
