"""Every SQL statement about calls that meet cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import Phone
from anmi.core.case_life import OPEN
from anmi.core.contact_rules.facts import Outcome
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.workbench.contact_gate.models import ContactAttempt

# In every call's way, so it goes straight to psycopg.
_LINE: Final = """
SELECT number_sealed, (SELECT number FROM caller_ids WHERE id = %s) AS shown FROM phones WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A debtor's number, sealed, and the number of ours that she sees."""

    number_sealed: bytes
    shown: str | None


async def phone_of_case(session: AsyncSession, case_id: UUID, phone_id: UUID) -> Phone | None:
    """Return a number of the debtor of a case."""
    query = select(Phone).join(Case, Case.debtor_id == Phone.debtor_id).where(Case.id == case_id, Phone.id == phone_id)
    return (await session.scalars(query)).one_or_none()


async def line(driver: AsyncConnection[Any], phone_id: UUID, caller_id_id: UUID | None) -> Line | None:
    """Return a debtor's number and the one she is to be shown."""
    cursor = AsyncCursor(driver, row_factory=class_row(Line))
    return await (await cursor.execute(_LINE, (caller_id_id, phone_id))).fetchone()


async def number_on(session: AsyncSession, trunk_id: UUID) -> CallerId | None:
    """Return a number of the house on a trunk."""
    query = select(CallerId).where(CallerId.trunk_id == trunk_id, CallerId.state == CallerIdState.ACTIVE)
    return (await session.scalars(query.order_by(CallerId.number).limit(1))).one_or_none()


async def known_under(session: AsyncSession, number_index: bytes) -> tuple[Case, Phone] | None:
    """Return the case whose debtor is known under a number: an open one, one that somebody works, the newest."""
    query = (
        select(Case, Phone)
        .join(Phone, Phone.debtor_id == Case.debtor_id)
        .where(Phone.number_index == number_index, Case.state.in_(OPEN))
        .order_by(Case.holder_id.is_(None), Case.created_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def last_outcomes(session: AsyncSession, case_id: UUID, phone_id: UUID, most: int) -> Sequence[Outcome]:
    """Return what became of the latest calls to a number, the newest first."""
    query = (
        select(ContactAttempt.outcome)
        .where(
            ContactAttempt.case_id == case_id,
            ContactAttempt.phone_id == phone_id,
            ContactAttempt.allowed,
            ContactAttempt.outcome.is_not(None),
            ContactAttempt.outcome != Outcome.RESERVED,
        )
        .order_by(ContactAttempt.at.desc())
        .limit(most)
    )
    return [outcome for outcome in (await session.scalars(query)).all() if outcome is not None]


async def calls_made(session: AsyncSession, case_id: UUID) -> int:
    """Count the attempts of a case that came to an end."""
    query = select(func.count()).where(ContactAttempt.case_id == case_id, ContactAttempt.ended_at.is_not(None))
    return (await session.execute(query)).scalar_one()
