"""PostgreSQL, our ground: the engine, the base of all tables, and the mark of a table that belongs to a tenant."""

from __future__ import annotations

import select
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKey, MetaData, event, make_url
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
            connect_args={"application_name": "anmi", "prepare_threshold": 2},
        )
        event.listen(self.engine.sync_engine, "checkout", _still_there)

    def session(self, connection: AsyncConnection | None = None) -> AsyncSession:
        """Open a session: on a connection of the pool, or inside the transaction of a given connection."""
        return AsyncSession(
            connection or self.engine, expire_on_commit=False, autoflush=False, join_transaction_mode="create_savepoint"
        )

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[AsyncConnection]:
        """Lend a connection for statements of our own."""
        async with self.engine.connect() as connection:
            yield connection

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()
