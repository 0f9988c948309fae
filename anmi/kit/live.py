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

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base

CHANNEL: Final = "anmi_live"


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


async def publish(session: AsyncSession, tenant_id: UUID, at: datetime, news: list[News]) -> None:
    """Write news and wake the listeners, both when the caller's transaction commits."""
    for item in news:
        about = json.loads(json.dumps(item.about, default=str))
        row = insert(LiveEvent).values(tenant_id=tenant_id, at=at, topic=item.topic, kind=item.kind, about=about)
        number = (await session.execute(row.returning(LiveEvent.id))).scalar_one()
        payload = {"id": number, "tenant_id": str(tenant_id), "topic": item.topic, "kind": item.kind, "about": about}
        await session.execute(
            text("SELECT pg_notify(:channel, :payload)"),
            {"channel": CHANNEL, "payload": json.dumps(payload, separators=(",", ":"))},
        )
