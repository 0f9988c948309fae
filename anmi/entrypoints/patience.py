"""Patience with a database that is away: what has to be written is tried until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from psycopg import InterfaceError as DriverGone
from psycopg import OperationalError as DriverAway
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

AWAY: Final = (
    OperationalError,
    InterfaceError,
    DisconnectionError,
    NoConnectionFree,
    DriverAway,
    DriverGone,
    OSError,
)
"""What a database says that is not there, or was not able to in this moment."""
PAUSE_SECONDS: Final = 0.5


async def insist(work: Callable[[], Awaitable[None]]) -> None:
    """Do something again and again while the database is away."""
    while True:
        try:
            await work()
        except AWAY:
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
