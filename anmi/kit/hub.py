"""The hub: one ear per process on PostgreSQL's NOTIFY, and everybody in the process who wants to hear.

When the ear was deaf for a while (the database restarted), listeners are told of a gap, so that nobody believes
to have heard everything.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg
import structlog
from psycopg import sql

from anmi.kit.live import CHANNEL

RECONNECT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of news as it came in. A gap has no tenant and concerns everybody."""

    id: int
    tenant_id: UUID | None
    topic: str
    kind: str
    about: dict[str, Any]

    @property
    def is_gap(self) -> bool:
        """Whether news may have been missed before this."""
        return self.tenant_id is None


GAP: Final = Heard(0, None, "", "Gap", {})

Listener = Callable[[Heard], None]


class Hub:
    """Hands news to listeners; a listener returns at once and never raises."""

    def __init__(self) -> None:
        self._everywhere: set[Listener] = set()
        self._of_tenant: dict[UUID, set[Listener]] = {}

    def listen(self, listener: Listener, tenant_id: UUID | None = None) -> Callable[[], None]:
        """Hear the news of one tenant, or of all; return what ends it."""
        listeners = self._everywhere if tenant_id is None else self._of_tenant.setdefault(tenant_id, set())
        listeners.add(listener)

        def end() -> None:
            listeners.discard(listener)
            if tenant_id is not None and not listeners:
                self._of_tenant.pop(tenant_id, None)

        return end

    def spread(self, heard: Heard) -> None:
        """Hand news to those it concerns."""
        if heard.tenant_id is None:
            concerned = [*self._everywhere, *(each for group in self._of_tenant.values() for each in group)]
        else:
            concerned = [*self._everywhere, *self._of_tenant.get(heard.tenant_id, ())]
        for listener in concerned:
            listener(heard)

    async def run(self, address: str) -> None:
        """Listen until cancelled, coming back by itself when the database was away."""
        wait = RECONNECT_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                async with await psycopg.AsyncConnection.connect(
                    address, autocommit=True, application_name="anmi hub"
                ) as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self.spread(GAP)
                    wait = RECONNECT_SECONDS
                    async for notice in connection.notifies():
                        self.spread(_heard(notice.payload))
            log.warning("hub_deaf", again_in_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_SECONDS)


def _heard(payload: str) -> Heard:
    told = json.loads(payload)
    return Heard(told["id"], UUID(told["tenant_id"]), told["topic"], told["kind"], told["about"])
