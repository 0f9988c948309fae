"""PostgreSQL, our ground: the engine, the base of all tables, and the mark of a table that belongs to a tenant."""

from __future__ import annotations

import select
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, DateTime, Enum, ForeignKey, MetaData, event, make_url
from sqlalchemy.engine.interfaces import AdaptedConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from anmi.kit.errors import StaleVersion
from anmi.kit.ids import new_id


def _values(kind: type[StrEnum]) -> list[str]:
    return [word.value for word in kind]


class Base(DeclarativeBase):
    """The base of every table; constraints have names, so that migrations and errors can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own form
        datetime: DateTime(timezone=True),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values, create_constraint=False),
    }


class Identified:
    """A row with an identifier of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class OfTenant:
    """A row that belongs to one tenant. Row-level security guards every table with this column."""

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), index=True)


class Versioned:
    """A row that people edit: `version` grows with each edit, and an edit of an old version is refused."""

    version: Mapped[int] = mapped_column(default=1)

    def edit(self, version: int) -> None:
        """Begin an edit of what was read as `version`; refuse when somebody else was quicker."""
        if self.version != version:
            raise StaleVersion(getattr(self, "id", None))
        self.version += 1


def sqlalchemy_url(address: str) -> Any:
    """Turn a libpq address (`postgresql://…`) into SQLAlchemy's, spoken through psycopg."""
    return make_url(address).set(drivername="postgresql+psycopg")


def _still_there(connection: Any, record: object, proxy: object) -> None:
    """Hand out no connection that the server has closed: one that sleeps has nothing to say, unless it is farewell."""
    line = select.poll()
    line.register(connection.driver_connection.pgconn.socket, select.POLLIN)
    if line.poll(0):
        raise DisconnectionError


def _begin(connection: Connection) -> None:
    """Open the transaction that SQLAlchemy means, unless we have opened it ourselves."""
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    if adapted.driver_connection.pgconn.transaction_status == TransactionStatus.IDLE:
        adapted.run_async(lambda driver: driver.execute("BEGIN"))


def driver_of(connection: AsyncConnection) -> psycopg.AsyncConnection[Any]:
    """Return psycopg's own connection, for the few statements that cannot afford SQLAlchemy."""
    return cast("Connection", connection.sync_connection).connection.driver_connection  # type: ignore[return-value]


def session_within(connection: AsyncConnection) -> AsyncSession:
    """Open a session inside the transaction of a connection, which the session never ends."""
    if not connection.in_transaction():
        cast("Connection", connection.sync_connection).begin()  # Tell SQLAlchemy what is open already.
    return AsyncSession(connection, expire_on_commit=False, autoflush=False, join_transaction_mode="rollback_only")


class TransactionLost(Exception):
    """A statement failed, and the block went on as if it had not: nothing of what it wrote is kept."""


class Database:
    """The connections of one process to PostgreSQL."""

    def __init__(self, address: str, connections: int = 10) -> None:
        self.address = address
        self.engine = create_async_engine(
            sqlalchemy_url(address),
            pool_size=connections,
            max_overflow=0,
            pool_use_lifo=True,  # the connection used last has its statements prepared and its pages at hand
            hide_parameters=True,  # a failed statement must not write personal data into the log
            pool_recycle=1800,
            # Transactions are ours to open; psycopg ends them.
            connect_args={"application_name": "anmi", "prepare_threshold": 2, "autocommit": True},
        )
        event.listen(self.engine.sync_engine, "checkout", _still_there)
        event.listen(self.engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def transaction(self, opening: LiteralString) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction that begins with a statement of ours; leaving it commits, an exception rolls back.

        Straight to the driver: every request does this, and most of its cost would be ceremony.
        """
        async with self.engine.connect() as connection:
            driver = driver_of(connection)
            # One trip to the server. Two statements at once cannot be prepared.
            await driver.execute(f"BEGIN; {opening}", prepare=False)
            yield connection
            if driver.info.transaction_status is not TransactionStatus.INTRANS:
                raise TransactionLost
            await driver.commit()

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection for statements of our own."""
        async with self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
