"""A house for tests: units of work on one connection whose transaction is taken back, and a browser's view of the API.

A folder of tests that needs it says so in its `conftest.py`: `from tests.builders.house import *`.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from anmi.entrypoints.http import create_app
from anmi.entrypoints.reactions import react
from anmi.entrypoints.wiring import House
from anmi.kit.db import Database
from anmi.kit.keyring import Keyring
from anmi.kit.settings import CipherSuite, Settings
from anmi.kit.unit_of_work import Units

__all__ = ["Watch", "client", "connection", "database", "house", "keyring", "units", "watch"]


class Watch:
    """A clock that a test sets: it stands still until it is told to move on."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        """Let time pass: `watch.pass_by(minutes=15)`."""
        self.now += timedelta(**span)


@pytest.fixture
def watch() -> Watch:
    """Return the test's clock, at ten on a working morning in China."""
    return Watch(datetime(2026, 3, 4, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """Return keys for this run."""
    return Keyring({1: os.urandom(32)}, os.urandom(32), CipherSuite.INTERNATIONAL)


@pytest.fixture(scope="session")
async def database(app_url: str) -> AsyncGenerator[Database]:
    """Return this worker's database, as the application reaches it."""
    database = Database(app_url, 4)
    yield database
    await database.close()


@pytest.fixture
async def connection(database: Database) -> AsyncGenerator[AsyncConnection]:
    """Return a connection whose transaction is taken back when the test ends."""
    async with database.engine.connect() as connection:
        await connection.begin()
        yield connection
        await connection.rollback()


@pytest.fixture
def units(database: Database, keyring: Keyring, watch: Watch, connection: AsyncConnection) -> Units:
    """Return units of work that all run inside the test's own transaction, one after the other."""
    return Units(database, keyring, watch, react, connection)


@pytest.fixture
def house(database: Database, keyring: Keyring, units: Units, tmp_path: Path) -> House:
    """Return a house for one test."""
    return House(Settings(data_dir=tmp_path, demo=False), database, keyring, units)


@pytest.fixture
async def client(house: House) -> AsyncGenerator[httpx.AsyncClient]:
    """Return a browser's view of the API, signed in as nobody."""
    transport = httpx.ASGITransport(create_app(house=house), client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client
