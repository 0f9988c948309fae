"""Live news: what changed, told to every open page within moments of the commit.

A row is written in the transaction that makes the change and a NOTIFY wakes every process when it commits. News carry
codes and ids only, never personal data: a page that hears of a change asks for it, with its own rights.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base

CHANNEL: Final = "anmi_live"

# One statement for all the news of a transaction: a call alone makes a dozen of them.
_PUBLISH: Final = """
WITH told AS (
    INSERT INTO live_events (tenant_id, at, topic, kind, about)
    SELECT %s, %s, item ->> 'topic', item ->> 'kind', item -> 'about'
      FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given (item, place) ORDER BY place
    RETURNING id, tenant_id, topic, kind, about
)
SELECT pg_notify(%s, json_build_object('id', id, 'tenant_id', tenant_id, 'topic', topic, 'kind', kind,
                                       'about', about)::text)
  FROM told ORDER BY id
"""


class LiveEvent(Base):
    """One piece of news, kept for a while so that a page that was away can catch up."""

    __tablename__ = "live_events"
    __table_args__ = (Index("ix_live_events_tenant_id_id", "tenant_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"))
    at: Mapped[datetime]
    topic: Mapped[str]
    kind: Mapped[str]
    about: Mapped[dict[str, Any]] = mapped_column(JSONB)


@dataclass(frozen=True, slots=True)
class News:
    """What is told: `topic` decides who may hear it, `kind` is the event's name, `about` holds ids."""

    topic: str
    kind: str
    about: dict[str, Any] = field(default_factory=dict[str, Any])


async def publish(driver: AsyncConnection[Any], tenant_id: UUID, at: datetime, news: list[News]) -> None:
    """Write news and wake the listeners, both when the caller's transaction commits."""
    told = [{"topic": item.topic, "kind": item.kind, "about": item.about} for item in news]
    await driver.execute(_PUBLISH, (tenant_id, at, json.dumps(told, default=str), CHANNEL))
