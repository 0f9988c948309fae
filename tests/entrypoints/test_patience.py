"""What has to be written is tried until it is: while the database is away, and while every connection is in use."""

from __future__ import annotations

import pytest
from psycopg import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from anmi.entrypoints.patience import insist


@pytest.mark.parametrize("fault", [OperationalError("gone"), NoConnectionFree("all ten are in use")])
async def test_what_could_not_be_written_is_written_a_moment_later(fault: Exception) -> None:
    attempts: list[int] = []

    async def write() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            raise fault

    await insist(write)
    assert len(attempts) == 2
