"""Every SQL statement about statements of money received, and what their lines may be for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Account, Case
from anmi.casework.creditors.models import Creditor
from anmi.casework.debtors.models import Debtor
from anmi.casework.payments.models import LineState, Payment, PaymentState, Statement, StatementLine
from anmi.core.case_life import MAY, Capability
from anmi.kit.paging import Ask, Sorting

SORTING: Final = Sorting({"imported_at": (Statement.imported_at, datetime.fromisoformat)}, "-imported_at", Statement.id)
LINE_SORTING: Final = Sorting({"amount": (StatementLine.amount_fen, int)}, "-amount", StatementLine.id)
_POSTABLE: Final = [state for state, may in MAY.items() if Capability.POST_PAYMENT in may]


@dataclass(frozen=True, slots=True)
class Clues:
    """What the lines of a statement say, taken together."""

    tails: Collection[str]
    names: Collection[bytes]
    serial_nos: Collection[str]
    amounts: Collection[int]


async def page(session: AsyncSession, creditor_id: UUID | None, ask: Ask) -> tuple[Sequence[Row[Any]], str | None]:
    """Return one page of statements with how their lines stand, and the cursor of the next."""
    query = select(Statement) if creditor_id is None else select(Statement).where(Statement.creditor_id == creditor_id)
    rows, following = SORTING.split((await session.scalars(SORTING.apply(query, ask))).all(), ask)
    return await _with_figures(session, [row.id for row in rows]), following


async def shown(session: AsyncSession, statement_id: UUID) -> Row[Any] | None:
    """Return one statement with how its lines stand."""
    rows = await _with_figures(session, [statement_id])
    return rows[0] if rows else None


async def _with_figures(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    def of_state(*states: LineState) -> Any:
        return func.count().filter(StatementLine.state.in_(states))

    def fen_of(*states: LineState) -> Any:
        return func.coalesce(func.sum(StatementLine.amount_fen).filter(StatementLine.state.in_(states)), 0)

    query: Select[*tuple[Any, ...]] = (
        select(
            Statement,
            Creditor.name.label("creditor_name"),
            of_state(LineState.WAITING).label("waiting"),
            of_state(LineState.MATCHED).label("matched"),
            of_state(LineState.PROPOSED, LineState.UNMATCHED).label("left"),
            of_state(LineState.SET_ASIDE).label("set_aside"),
            fen_of(LineState.WAITING).label("waiting_fen"),
            fen_of(LineState.MATCHED).label("matched_fen"),
            fen_of(LineState.PROPOSED, LineState.UNMATCHED).label("left_fen"),
            fen_of(LineState.SET_ASIDE).label("set_aside_fen"),
        )
        .join(Creditor, Creditor.id == Statement.creditor_id)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(Statement.id.in_(ids))
        .group_by(Statement.id, Creditor.name)
        .order_by(Statement.imported_at.desc(), Statement.id.desc())
    )
    return (await session.execute(query)).all()


async def imported(session: AsyncSession, sha256: bytes) -> Statement | None:
    """Return the statement that came from the same file."""
    return (await session.scalars(select(Statement).where(Statement.sha256 == sha256))).one_or_none()


async def seen_before(session: AsyncSession, statement: Statement) -> set[UUID]:
    """Return the lines whose reference and sum stand in an earlier statement of the same creditor."""
    earlier = (
        select(StatementLine.reference, StatementLine.amount_fen)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .where(Statement.creditor_id == statement.creditor_id, Statement.id != statement.id)
    )
    query = select(StatementLine.id).where(
        StatementLine.statement_id == statement.id,
        StatementLine.reference.is_not(None),
        tuple_(StatementLine.reference, StatementLine.amount_fen).in_(earlier),
    )
    return set(await session.scalars(query))


async def waiting(session: AsyncSession, statement_id: UUID) -> Sequence[StatementLine]:
    """Return the lines nobody has looked at yet, held until the transaction ends."""
    query = select(StatementLine).where(
        StatementLine.statement_id == statement_id, StatementLine.state == LineState.WAITING
    )
    return (await session.scalars(query.order_by(StatementLine.row).with_for_update())).all()


async def possible(session: AsyncSession, creditor_id: UUID, clues: Clues) -> Sequence[Row[Any]]:
    """Return the accounts of a creditor that some line may be for."""
    claimed = select(Payment.case_id).where(
        Payment.state == PaymentState.CLAIMED, Payment.amount_fen.in_(clues.amounts)
    )
    query: Select[*tuple[Any, ...]] = (
        select(Account.id, Account.number_tail, Case.id.label("case_id"), Case.serial_no, Debtor.name_sealed)
        .join(Case, Case.id == Account.case_id)
        .join(Debtor, Debtor.id == Case.debtor_id)
        .where(
            Case.creditor_id == creditor_id,
            Case.state.in_(_POSTABLE),
            or_(
                Account.number_tail.in_(clues.tails),
                Debtor.name_index.in_(clues.names),
                Case.serial_no.in_(clues.serial_nos),
                Case.id.in_(claimed),
            ),
        )
        .order_by(Account.id)
    )
    return (await session.execute(query)).all()


async def claims(session: AsyncSession, case_ids: Collection[UUID]) -> Sequence[Payment]:
    """Return what is claimed to have been paid on cases."""
    query = select(Payment).where(Payment.case_id.in_(case_ids), Payment.state == PaymentState.CLAIMED)
    return (await session.scalars(query.order_by(Payment.id))).all()


async def lines_page(
    session: AsyncSession, states: Collection[LineState], statement_id: UUID | None, ask: Ask
) -> tuple[Sequence[StatementLine], str | None]:
    """Return one page of lines, and the cursor of the next."""
    query = select(StatementLine)
    if states:
        query = query.where(StatementLine.state.in_(states))
    if statement_id is not None:
        query = query.where(StatementLine.statement_id == statement_id)
    return LINE_SORTING.split((await session.scalars(LINE_SORTING.apply(query, ask))).all(), ask)


async def line(session: AsyncSession, line_id: UUID) -> StatementLine | None:
    """Return a line, held until the transaction ends."""
    query = select(StatementLine).where(StatementLine.id == line_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def named(session: AsyncSession, case_ids: Collection[UUID]) -> Sequence[Row[UUID, str, bytes]]:
    """Return the numbers of cases and the names of their debtors."""
    query = select(Case.id, Case.serial_no, Debtor.name_sealed).join(Debtor, Debtor.id == Case.debtor_id)
    return (await session.execute(query.where(Case.id.in_(case_ids)))).all()


async def release(session: AsyncSession, payment_id: UUID) -> None:
    """Put the line of a reversed payment back on the worklist: its money is unexplained again."""
    await session.execute(
        update(StatementLine)
        .where(StatementLine.payment_id == payment_id)
        .values(state=LineState.UNMATCHED, payment_id=None, doubt="payment_reversed", version=StatementLine.version + 1)
    )
