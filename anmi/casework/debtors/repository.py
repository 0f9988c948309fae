"""Every SQL statement about debtors, their numbers and addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import Row, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.debtors.models import Address, Phone, SuppressedNumber
from anmi.core.number_state import NumberState
from anmi.kit.paging import Ask, Sorting

SUPPRESSED_SORTING: Final = Sorting(
    {"at": (SuppressedNumber.at, datetime.fromisoformat)}, default="-at", tie=SuppressedNumber.id
)

# Every call tells of its number, so this goes straight to psycopg.
_HEARD: Final = """
UPDATE phones
   SET state = %(state)s, state_source = 'call', state_at = %(at)s,
       is_right_party = CASE WHEN %(is_wrong)s THEN false ELSE is_right_party END
 WHERE id = %(phone_id)s AND (state_source = 'call' OR state_at IS NULL OR state_at <= %(since)s)
"""


async def phones(session: AsyncSession, debtor_id: UUID) -> Sequence[Row[Phone, bool]]:
    """Return a debtor's numbers, and whether each is suppressed; the debtor's own come first."""
    is_suppressed = exists().where(SuppressedNumber.number_index == Phone.number_index)
    query = (
        select(Phone, is_suppressed)
        .where(Phone.debtor_id == debtor_id)
        .order_by(Phone.relation != "debtor", Phone.created_at, Phone.id)
    )
    return (await session.execute(query)).all()


async def phone(session: AsyncSession, debtor_id: UUID, phone_id: UUID) -> Phone | None:
    """Return one number of a debtor, held until the transaction ends."""
    query = select(Phone).where(Phone.debtor_id == debtor_id, Phone.id == phone_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def hear(driver: AsyncConnection[Any], phone_id: UUID, state: NumberState, at: datetime, since: datetime) -> None:
    """Write down what a call has told of a number, unless a person has said something of it since."""
    is_wrong = state is NumberState.WRONG_PARTY
    asked = {"phone_id": phone_id, "state": state, "is_wrong": is_wrong, "at": at, "since": since}
    await driver.execute(_HEARD, asked)


async def addresses(session: AsyncSession, debtor_id: UUID) -> Sequence[Address]:
    """Return a debtor's addresses."""
    query = select(Address).where(Address.debtor_id == debtor_id).order_by(Address.created_at, Address.id)
    return (await session.scalars(query)).all()


async def address(session: AsyncSession, debtor_id: UUID, address_id: UUID) -> Address | None:
    """Return one address of a debtor."""
    query = select(Address).where(Address.debtor_id == debtor_id, Address.id == address_id)
    return (await session.scalars(query)).one_or_none()


async def suppressed_page(session: AsyncSession, ask: Ask) -> tuple[Sequence[SuppressedNumber], str | None]:
    """Return one page of the suppression list, and the cursor of the next."""
    rows = (await session.scalars(SUPPRESSED_SORTING.apply(select(SuppressedNumber), ask))).all()
    return SUPPRESSED_SORTING.split(rows, ask)


async def suppress(session: AsyncSession, row: SuppressedNumber) -> bool:
    """Put a number on the list; say whether it was not there yet."""
    values = {column.key: getattr(row, column.key) for column in SuppressedNumber.__table__.columns}
    statement = insert(SuppressedNumber).values(values).on_conflict_do_nothing().returning(SuppressedNumber.id)
    return (await session.execute(statement)).scalar_one_or_none() is not None


async def is_suppressed(session: AsyncSession, number_index: bytes) -> bool:
    """Say whether a number is on the list."""
    return (await session.execute(select(exists().where(SuppressedNumber.number_index == number_index)))).scalar_one()


async def take_off(session: AsyncSession, suppressed_id: UUID) -> bytes | None:
    """Take a number off the list; return it sealed, or None where it was not there."""
    statement = (
        delete(SuppressedNumber).where(SuppressedNumber.id == suppressed_id).returning(SuppressedNumber.number_sealed)
    )
    return (await session.execute(statement)).scalar_one_or_none()
