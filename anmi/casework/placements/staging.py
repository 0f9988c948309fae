"""Staging in SQL: sealed rows come in by COPY, chunk by chunk, and go over into the tables in one transaction.

COPY does not go into a fenced table, so a chunk lands in a temporary one of the session first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import CursorResult, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.placements.models import PlacementImport, StagedAddress, StagedCase, StagedPhone
from anmi.casework.placements.sealing import Copied

TABLES: Final = (StagedCase, StagedPhone, StagedAddress)

# Sorts and joins over a million rows; what a backend may take for each of them.
_ROOM: Final = text("SELECT set_config('work_mem', '64MB', true)")

_DEBTORS: Final = text("""
    INSERT INTO debtors (id, tenant_id, name_sealed, name_index, id_number_sealed, id_number_index, id_tail_index,
                         born_on, gender, province, city, created_at)
    SELECT DISTINCT ON (id_number_index)
           debtor_id, tenant_id, sealed_name, name_index, sealed_id_number, id_number_index, id_tail_index,
           born_on, gender, province, city, :now
    FROM staged_cases WHERE import_id = :import_id ORDER BY id_number_index, row
    ON CONFLICT (tenant_id, id_number_index) DO NOTHING
""")
_CASES: Final = text("""
    INSERT INTO cases (id, tenant_id, placement_id, creditor_id, product_id, debtor_id, serial_no, placed_on,
                       due_back_on, placed_fen, owing_fen, paid_fen, waived_fen, overdue_on, bucket, state, priority,
                       limitation_on, facts_sealed, created_at, version)
    SELECT s.case_id, s.tenant_id, :placement_id, :creditor_id, :product_id, d.id, s.serial_no, s.placed_on,
           s.due_back_on, s.placed_fen, s.placed_fen, 0, 0, s.overdue_on, s.bucket, 'awaiting_opening', 0,
           s.limitation_on, s.sealed_facts, :now, 1
    FROM staged_cases s
    JOIN debtors d ON d.tenant_id = s.tenant_id AND d.id_number_index = s.id_number_index
    WHERE s.import_id = :import_id
    ON CONFLICT (placement_id, serial_no, placed_on) DO NOTHING
""")
_ACCOUNTS: Final = text("""
    INSERT INTO accounts (id, tenant_id, case_id, number_sealed, number_index, number_tail, contract_no,
                          principal_fen, interest_fen, penalty_fen, fee_fen, credit_limit_fen, loan_on, statement_day,
                          version)
    SELECT s.account_id, s.tenant_id, s.case_id, s.sealed_account_no, s.account_no_index, s.account_tail,
           s.contract_no, s.principal_fen, s.interest_fen, s.penalty_fen, s.fee_fen, s.credit_limit_fen, s.loan_on,
           s.statement_day, 1
    FROM staged_cases s JOIN cases c ON c.id = s.case_id WHERE s.import_id = :import_id
""")
_EVENTS: Final = text("""
    INSERT INTO case_events (tenant_id, case_id, at, event, before, after, by, facts)
    SELECT s.tenant_id, s.case_id, :now, 'validated', 'validating', 'awaiting_opening', :by,
           jsonb_build_object('import_id', s.import_id)
    FROM staged_cases s JOIN cases c ON c.id = s.case_id WHERE s.import_id = :import_id
""")
_PHONES: Final = text("""
    INSERT INTO phones (id, tenant_id, debtor_id, number_sealed, number_index, tail_index, kind, relation,
                        relation_text, name_sealed, source, state, created_at)
    SELECT DISTINCT ON (d.id, s.number_index)
           s.phone_id, s.tenant_id, d.id, s.sealed_number, s.number_index, s.tail_index, s.kind, s.relation,
           s.relation_text, s.sealed_name, s.source, 'unknown', :now
    FROM staged_phones s
    JOIN debtors d ON d.tenant_id = s.tenant_id AND d.id_number_index = s.id_number_index
    WHERE s.import_id = :import_id
    ORDER BY d.id, s.number_index, s.place, s.row
    ON CONFLICT (debtor_id, number_index) DO NOTHING
""")
_ADDRESSES: Final = text("""
    INSERT INTO addresses (id, tenant_id, debtor_id, text_sealed, text_index, kind, source, created_at)
    SELECT s.address_id, s.tenant_id, c.debtor_id, s.sealed_text, s.text_index, s.kind, s.source, :now
    FROM staged_addresses s JOIN cases c ON c.id = s.case_id WHERE s.import_id = :import_id
    ON CONFLICT (debtor_id, text_index) DO NOTHING
""")
_SUM: Final = text("""
    UPDATE placements p SET cases_count = p.cases_count + made.count, placed_fen = p.placed_fen + made.fen,
           state = CASE WHEN p.state = 'importing' AND made.count > 0 THEN 'active' ELSE p.state END,
           version = p.version + 1
    FROM (SELECT count(*) AS count, coalesce(sum(s.placed_fen), 0) AS fen
          FROM staged_cases s JOIN cases c ON c.id = s.case_id WHERE s.import_id = :import_id) made
    WHERE p.id = :placement_id
""")

_MEASURE: Final = text("SELECT measure('{debtors,cases,accounts,case_events,phones,addresses}')")


@dataclass(frozen=True, slots=True)
class Carried:
    """What one file came to in the tables."""

    debtors: int
    cases: int
    phones: int
    addresses: int


async def staged_count(session: AsyncSession, import_id: UUID) -> int:
    """Return how many rows of an import are staged."""
    query = select(func.count()).select_from(StagedCase).where(StagedCase.import_id == import_id)
    return (await session.execute(query)).scalar_one()


async def last_staged(session: AsyncSession, import_id: UUID) -> int:
    """Return the last row of the sheet that is staged."""
    query = select(func.coalesce(func.max(StagedCase.row), 0)).where(StagedCase.import_id == import_id)
    return (await session.execute(query)).scalar_one()


async def stage(session: AsyncSession, copied: Copied) -> None:
    """Bring a chunk in."""
    for table, data in zip(TABLES, (copied.cases, copied.phones, copied.addresses), strict=True):
        if data:
            await _copy(session, table.__tablename__, [column.name for column in table.__table__.columns], data)


async def carry_over(session: AsyncSession, what: PlacementImport, terms: dict[str, Any]) -> Carried:
    """Take all staged rows of an import into the tables; rows whose case is there already leave it as it is."""
    asked = terms | {"import_id": what.id, "placement_id": what.placement_id, "by": what.created_by}
    await session.execute(_ROOM)
    counts = [_count(await session.execute(statement, asked)) for statement in (_DEBTORS, _CASES)]
    for statement in (_ACCOUNTS, _EVENTS):
        await session.execute(statement, asked)
    counts += [_count(await session.execute(statement, asked)) for statement in (_PHONES, _ADDRESSES)]
    await session.execute(_SUM, asked)
    await clear(session, what.id)
    return Carried(*counts)


async def measure(session: AsyncSession) -> None:
    """Tell PostgreSQL's planner what the tables hold now; by itself it would look a minute later."""
    await session.execute(_MEASURE)


async def clear(session: AsyncSession, import_id: UUID) -> None:
    """Take the staged rows of an import away."""
    for table in TABLES:
        await session.execute(delete(table).where(table.import_id == import_id))


async def _copy(session: AsyncSession, table: str, columns: list[str], data: bytes) -> None:
    connection = await (await session.connection()).get_raw_connection()
    driver: psycopg.AsyncConnection[Any] = connection.driver_connection  # type: ignore[assignment]
    async with driver.cursor() as cursor:
        name, order = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        await cursor.execute(sql.SQL("CREATE TEMP TABLE arriving (LIKE {})").format(name))
        async with cursor.copy(sql.SQL("COPY arriving ({}) FROM STDIN").format(order)) as copy:
            await copy.write(data)
        await cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM arriving").format(name, order, order))
        await cursor.execute("DROP TABLE arriving")


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
