"""Statements of money received (对账单): imported once, matched to claims and cases, the rest left to a human."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from anmi.casework.cases.service import CaseLives
from anmi.casework.creditors.service import Creditors
from anmi.casework.debtors.models import NAME
from anmi.casework.payments import statement_repository as repository
from anmi.casework.payments.events import StatementReconciled
from anmi.casework.payments.models import PAYER_OF_LINE, LineState, Statement, StatementLine
from anmi.casework.payments.service import TOPIC, PaymentClaim, PaymentKnown, PaymentMethod, Payments
from anmi.casework.payments.statement_repository import Clues
from anmi.core import reconciliation, statement_sheet
from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits, mask_name
from anmi.core.money import Money
from anmi.core.permissions import Permission
from anmi.core.reconciliation import Claim, Match, OpenAccount, OpenLine, Tolerances, reconcile
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

WITHIN: Final = Tolerances(days=3, tail_digits=4, without_claim=True)
"""Three days are what a transfer takes over a weekend."""
MOST_CANDIDATES: Final = 20


class StatementImported(Conflict):
    """The same file has been imported before."""

    code = "STATEMENT_IMPORTED"
    zh, en = "该对账单已导入过（{file_name}）", "This statement has been imported before ({file_name})"


class LineDone(Conflict):
    """The line is matched already, or nobody has looked at it yet."""

    code = "STATEMENT_LINE_DONE"
    zh, en = "该对账行当前状态（{state}）不允许此操作", "A line that is {state} does not allow this"


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A case that a line may be for."""

    case_id: UUID
    serial_no: str
    debtor_name_masked: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line and what became of it."""

    id: UUID
    statement_id: UUID
    row: int
    paid_on: date
    amount_fen: int
    account_tail: str | None
    serial_no: str | None
    payer_masked: str | None
    reference: str | None
    state: LineState
    doubt: str | None
    payment_id: UUID | None
    candidates: list[CandidateView]
    version: int


class Statements:
    """The statements of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._payments = Payments(unit)
        self._lives = CaseLives(unit)

    async def page(self, creditor_id: UUID | None, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
        """Return one page of statements with how their lines stand, and the cursor of the next."""
        return await repository.page(self._unit.session, creditor_id, ask)

    async def get(self, statement_id: UUID) -> Row[Any]:
        """Return one statement with how its lines stand."""
        row = await repository.shown(self._unit.session, statement_id)
        if row is None:
            raise NotFound
        return row

    async def add(self, creditor_id: UUID, file_name: str, sha256: bytes, read: statement_sheet.Statement) -> Statement:
        """Keep a statement; the same file is taken once."""
        await Creditors(self._unit).get(creditor_id)
        known = await repository.imported(self._unit.session, sha256)
        if known is not None:
            raise StatementImported(file_name=known.file_name)
        statement = Statement(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            creditor_id=creditor_id,
            file_name=file_name,
            sha256=sha256,
            lines_count=len(read.credits),
            total_fen=read.total.fen,
            imported_at=self._unit.now,
            imported_by=self._unit.caller.person_id,
        )
        twice = {"uq_statements_tenant_id_sha256": StatementImported(file_name=file_name)}
        async with refused_as(self._unit.session, twice):
            self._unit.session.add(statement)
        self._unit.session.add_all(self._line(statement, credit) for credit in read.credits)
        await self._unit.session.flush()
        self._unit.remember(
            AuditAction.STATEMENT_IMPORTED,
            ("statement", statement.id),
            file_name=file_name,
            lines=statement.lines_count,
            total_fen=statement.total_fen,
        )
        return statement

    async def reconcile(self, statement_id: UUID) -> None:
        """Match all lines nobody has looked at, book what is certain, and leave the rest to a human."""
        statement = await self._unit.session.get_one(Statement, statement_id)
        seen_before = await repository.seen_before(self._unit.session, statement)
        lines = {str(line.id): line for line in await repository.waiting(self._unit.session, statement_id)}
        fresh = [line for line in lines.values() if line.id not in seen_before]
        for line in lines.values():
            line.state, line.doubt = LineState.UNMATCHED, "seen_before" if line.id in seen_before else None
        found, case_of = await self._found(statement.creditor_id, fresh)
        # Cases are locked in one order, whoever works beside us.
        for match in sorted(found.matches, key=lambda match: case_of[match.account_id]):
            await self._book_match(lines[match.line_id], match, case_of[match.account_id])
        for open_line in found.open_lines:
            _leave(lines[open_line.line_id], open_line, case_of)
        await self._unit.session.flush()
        self._unit.announce(StatementReconciled(statement_id), TOPIC)

    async def lines(
        self, states: Collection[LineState], statement_id: UUID | None, ask: Ask
    ) -> tuple[list[LineView], str | None]:
        """Return one page of lines, and the cursor of the next."""
        rows, following = await repository.lines_page(self._unit.session, states, statement_id, ask)
        return await self._views(rows), following

    async def match(self, line_id: UUID, payment_id: UUID | None, case_id: UUID | None) -> LineView:
        """Book a line by hand: on a claim, or on a case without one."""
        line = await self._open(line_id)
        amount = Money(line.amount_fen)
        if payment_id is not None:
            payment = await self._payments.post(payment_id, amount)
        elif case_id is not None:
            case = await self._lives.get(case_id, Permission.PAYMENTS_POST, lock=True)
            payment = await self._payments.receive(case, self._claim(line))
        else:
            raise NotFound
        self._matched(line, payment.id)
        self._unit.remember(AuditAction.STATEMENT_LINE_MATCHED, ("statement_line", line_id), payment_id=str(payment.id))
        return (await self._views([line]))[0]

    async def set_aside(self, line_id: UUID, reason: str) -> LineView:
        """Take a line off the worklist: it is not for us, or known otherwise."""
        line = await self._open(line_id)
        line.state, line.doubt, line.version = LineState.SET_ASIDE, reason, line.version + 1
        self._unit.remember(
            AuditAction.STATEMENT_LINE_SET_ASIDE, ("statement_line", line_id), reason=mask_digits(reason)
        )
        return (await self._views([line]))[0]

    def _line(self, statement: Statement, credit: statement_sheet.Credit) -> StatementLine:
        return StatementLine(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            statement_id=statement.id,
            row=credit.row,
            paid_on=credit.paid_on,
            amount_fen=credit.amount.fen,
            account_tail=credit.account_tail,
            serial_no=credit.serial_no,
            payer_sealed=self._unit.seal(PAYER_OF_LINE, credit.name) if credit.name else None,
            payer_index=self._unit.index(NAME, credit.name) if credit.name else None,
            reference=credit.reference,
            state=LineState.WAITING,
            candidates=[],
            version=1,
        )

    async def _found(
        self, creditor_id: UUID, lines: Sequence[StatementLine]
    ) -> tuple[reconciliation.Reconciliation, dict[str, UUID]]:
        clues = Clues(
            {line.account_tail for line in lines if line.account_tail},
            {line.payer_index for line in lines if line.payer_index},
            {line.serial_no for line in lines if line.serial_no},
            {line.amount_fen for line in lines},
        )
        rows = await repository.possible(self._unit.session, creditor_id, clues)
        case_of = {str(row.id): row.case_id for row in rows}
        first_of = {row.case_id: str(row.id) for row in reversed(rows)}
        # A number that two placements gave to two cases names neither.
        numbers: dict[str, set[UUID]] = {}
        for row in rows:
            numbers.setdefault(row.serial_no, set()).add(row.case_id)
        by_number = {number: str(next(iter(ids))) for number, ids in numbers.items() if len(ids) == 1}
        accounts = [
            OpenAccount(str(row.id), str(row.case_id), row.number_tail or "", self._names(row.name_sealed))
            for row in rows
        ]
        claimed = await repository.claims(self._unit.session, first_of)
        claims = [Claim(str(one.id), first_of[one.case_id], one.paid_on, Money(one.amount_fen)) for one in claimed]
        said = [self._said(line, by_number) for line in lines]
        return reconcile(said, claims, accounts, WITHIN), case_of

    def _names(self, sealed: bytes) -> frozenset[str]:
        return frozenset({self._unit.open(NAME, sealed)})

    def _said(self, line: StatementLine, by_number: dict[str, str]) -> reconciliation.StatementLine:
        name = self._unit.open(PAYER_OF_LINE, line.payer_sealed) if line.payer_sealed else None
        said = reconciliation.StatementLine(str(line.id), line.paid_on, Money(line.amount_fen), line.account_tail, name)
        return replace(said, case_id=by_number.get(line.serial_no)) if line.serial_no else said

    async def _book_match(self, line: StatementLine, match: Match, case_id: UUID) -> None:
        if match.claim_id is not None:
            payment = await self._payments.post(UUID(match.claim_id))
            self._matched(line, payment.id)
            return
        case = await self._lives.of_system(case_id)
        try:
            payment = await self._payments.receive(case, self._claim(line))
        except PaymentKnown:
            line.doubt = "already_booked"
            line.candidates = [{"case_id": str(case_id)}]
        else:
            self._matched(line, payment.id)

    def _claim(self, line: StatementLine) -> PaymentClaim:
        payer = self._unit.open(PAYER_OF_LINE, line.payer_sealed) if line.payer_sealed else None
        return PaymentClaim(
            Money(line.amount_fen), line.paid_on, PaymentMethod.BANK_TRANSFER, payer, line.reference, ""
        )

    def _matched(self, line: StatementLine, payment_id: UUID) -> None:
        line.state, line.doubt, line.payment_id = LineState.MATCHED, None, payment_id
        line.candidates, line.version = [], line.version + 1

    async def _open(self, line_id: UUID) -> StatementLine:
        line = await repository.line(self._unit.session, line_id)
        if line is None:
            raise NotFound
        if line.state in {LineState.MATCHED, LineState.WAITING}:
            raise LineDone(state=line.state)
        return line

    async def _views(self, lines: Sequence[StatementLine]) -> list[LineView]:
        wanted = {UUID(one["case_id"]) for line in lines for one in line.candidates}
        named = {
            case_id: CandidateView(case_id, serial_no, mask_name(self._unit.open(NAME, name)))
            for case_id, serial_no, name in await repository.named(self._unit.session, wanted)
        }
        return [self._view(line, named) for line in lines]

    def _view(self, line: StatementLine, named: dict[UUID, CandidateView]) -> LineView:
        return LineView(
            line.id,
            line.statement_id,
            line.row,
            line.paid_on,
            line.amount_fen,
            line.account_tail,
            line.serial_no,
            mask_name(self._unit.open(PAYER_OF_LINE, line.payer_sealed)) if line.payer_sealed else None,
            line.reference,
            line.state,
            line.doubt,
            line.payment_id,
            [named[UUID(one["case_id"])] for one in line.candidates if UUID(one["case_id"]) in named],
            line.version,
        )


def _leave(line: StatementLine, open_line: OpenLine, case_of: dict[str, UUID]) -> None:
    cases = dict.fromkeys(str(case_of[account_id]) for account_id in open_line.account_ids)
    line.candidates = [{"case_id": case_id} for case_id in list(cases)[:MOST_CANDIDATES]]
    line.state = LineState.PROPOSED if cases else LineState.UNMATCHED
    line.doubt = open_line.doubt
