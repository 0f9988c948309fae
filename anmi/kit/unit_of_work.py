"""The unit of work: one request, one job or one command is one transaction, within one tenant.

What it writes, announces, remembers and tells stands or falls together. Nobody commits by hand: leaving the `with`
block does, and an exception takes everything back.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, LiteralString, cast
from uuid import UUID

import psycopg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.rights import Rights
from anmi.kit import audit, live
from anmi.kit.caller import Caller
from anmi.kit.db import Database, driver_of, session_within
from anmi.kit.events import Event
from anmi.kit.keyring import Keyring

Clock = Callable[[], datetime]
React = Callable[["UnitOfWork", Event], Awaitable[None]]
Ear = Callable[[UUID, live.News], None]


def _entering(caller: Caller) -> LiteralString:
    """Say as whom PostgreSQL is to see the rest of a transaction; row-level security stands on it."""
    tenant_id = cast("LiteralString", str(caller.tenant_id or ""))  # Of an identifier: hex digits and dashes.
    across: LiteralString = "on" if caller.across_tenants else "off"
    return f"SET LOCAL anmi.tenant_id = '{tenant_id}'; SET LOCAL anmi.across_tenants = '{across}'"


def system_clock() -> datetime:
    """Tell the time: the one place that asks the machine for it."""
    return datetime.now(UTC)


async def no_reaction(unit: UnitOfWork, event: Event) -> None:
    """Let an event pass; for tests of a single room."""


class UnitOfWork:
    """What a service is given: a session, the caller, the instant it all happens, and where to say what happened."""

    def __init__(
        self, connection: AsyncConnection, caller: Caller, now: datetime, keyring: Keyring, react: React
    ) -> None:
        self.caller = caller
        self.now = now
        self.keyring = keyring
        self.driver: psycopg.AsyncConnection[Any] = driver_of(connection)
        """psycopg's own connection in this transaction, for the few statements that cannot afford SQLAlchemy."""
        self._connection = connection
        self._session: AsyncSession | None = None
        self._react = react
        self._events: list[Event] = []
        self._notes: list[audit.Note] = []
        self._news: list[live.News] = []
        self.told: list[tuple[UUID, live.News]] = []

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy's session in this transaction; made when it is first asked for."""
        if self._session is None:
            self._session = session_within(self._connection)
        return self._session

    @property
    def tenant_id(self) -> UUID:
        """The tenant all of this belongs to."""
        if self.caller.tenant_id is None:
            raise LookupError("this unit of work belongs to no tenant")
        return self.caller.tenant_id

    @property
    def rights(self) -> Rights:
        """What the caller may do."""
        return self.caller.rights

    def announce(self, event: Event, topic: str | None = None) -> None:
        """Say that something happened; what follows from it happens before this unit ends.

        Pages that are open on `topic` are told of it, with the ids it carries.
        """
        self._events.append(event)
        if topic is not None:
            # Events are flat: what they hold is told as it is, and not copied.
            self.tell(topic, type(event).__name__, **{each.name: getattr(event, each.name) for each in fields(event)})

    def remember(
        self,
        action: AuditAction,
        target: tuple[str, UUID | str] | None = None,
        outcome: Outcome = Outcome.DONE,
        **facts: Any,
    ) -> None:
        """Write into the log, when this unit ends."""
        self._notes.append(audit.Note(action, audit.Target(*target) if target else None, outcome, facts))

    def tell(self, topic: str, kind: str, **about: Any) -> None:
        """Tell open pages, when this unit ends."""
        self._news.append(live.News(topic, kind, about))

    def seal(self, field: str, text: str) -> bytes:
        """Seal a personal field for this tenant."""
        return self.keyring.seal(self.tenant_id, field, text)

    def open(self, field: str, sealed: bytes) -> str:
        """Open a personal field of this tenant."""
        return self.keyring.open(self.tenant_id, field, sealed)

    def index(self, field: str, text: str) -> bytes:
        """Return the blind index by which a personal field of this tenant is found."""
        return self.keyring.index(self.tenant_id, field, text)

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[None]:
        """Try something: if it fails, nothing that was said in the block is said."""
        said = len(self._events), len(self._notes), len(self._news)
        try:
            yield
        except BaseException:
            for heard, length in zip((self._events, self._notes, self._news), said, strict=True):
                del heard[length:]
            raise

    async def enter(self, caller: Caller) -> None:
        """Become another caller, as when a stranger has just proved who she is."""
        await self.flush()  # What was added before belongs to whom it was added by.
        self.caller = caller
        await self.driver.execute(_entering(caller), prepare=False)

    @asynccontextmanager
    async def within(self, caller: Caller) -> AsyncGenerator[None]:
        """Work for a while as another caller, whose tenant's log and open pages hear of it; then become oneself again.

        A caller without a tenant leaves nothing to remember behind.
        """
        own = self.caller
        await self.finish()
        await self.enter(caller)
        yield
        await self.finish()
        await self.enter(own)

    async def finish(self) -> None:
        """Let follow what follows, then write the news and, last, the log, whose head is locked until the commit."""
        while self._events:
            await self._react(self, self._events.pop(0))
        await self.flush()
        news, self._news = self._news, []
        if news:
            await live.publish(self.driver, self.tenant_id, self.now, news)
            self.told += [(self.tenant_id, item) for item in news]
        notes, self._notes = self._notes, []
        if notes:
            await audit.append(self.driver, self.keyring, self.caller, self.tenant_id, self.now, notes)

    async def flush(self) -> None:
        """Write down what was added to the session."""
        if self._session is not None:
            await self._session.flush()

    async def close(self) -> None:
        """Let go of what the session holds."""
        if self._session is not None:
            await self._session.close()


class Units:
    """Opens units of work; made once per process, on the roof."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        clock: Clock = system_clock,
        react: React = no_reaction,
        connection: AsyncConnection | None = None,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.clock = clock
        self._react = react
        self._connection = connection
        self.ears: list[Ear] = []
        """Who in this process hears news at the very commit; other processes hear of it a moment later."""

    @asynccontextmanager
    async def begin(self, caller: Caller) -> AsyncGenerator[UnitOfWork]:
        """Open a unit of work; leaving it commits, an exception rolls back."""
        async with self._transaction(caller) as connection:
            unit = UnitOfWork(connection, caller, self.clock(), self.keyring, self._react)
            try:
                yield unit
                await unit.finish()
            finally:
                await unit.close()
        for tenant_id, news in unit.told:
            for hear in self.ears:
                hear(tenant_id, news)

    @asynccontextmanager
    async def _transaction(self, caller: Caller) -> AsyncGenerator[AsyncConnection]:
        if self._connection is None:
            async with self.database.transaction(_entering(caller)) as connection:
                yield connection
        else:
            async with self._connection.begin_nested():
                await driver_of(self._connection).execute(_entering(caller), prepare=False)
                yield self._connection
