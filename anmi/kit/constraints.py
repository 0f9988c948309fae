"""What the database refuses, said in our words: a constraint that fails becomes a named refusal.

The database is asked and not second-guessed: looking first and writing then would let two people in at once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.kit.errors import Refusal


@asynccontextmanager
async def refused_as(
    session: AsyncSession, refusals: Mapping[str, Refusal], otherwise: Refusal | None = None
) -> AsyncGenerator[None]:
    """Write what the block adds or changes; raise the refusal of the constraint that stands against it."""
    try:
        async with session.begin_nested():
            yield
            await session.flush()
    except IntegrityError as error:
        refusal = refusals.get(_constraint_of(error), otherwise)
        if refusal is None:
            raise
        raise refusal from None


def _constraint_of(error: IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
