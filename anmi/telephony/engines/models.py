"""Engines and the orders given to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant


class Engine(Base, Identified):
    """A process that owns calls. It serves every agency of the installation, so it belongs to none."""

    __tablename__ = "engines"

    name: Mapped[str] = mapped_column(unique=True)
    """One per switch: an engine begun again under its name takes its calls back."""
    switch: Mapped[str]
    """`asterisk` or `rehearsal`."""
    version: Mapped[str | None]
    """What the switch calls itself."""
    phone_url: Mapped[str | None]
    """Where browsers' phones reach the switch over a WebSocket, as the web server sees it."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """An engine tells every few seconds that it lives."""
    switch_seen_at: Mapped[datetime | None]
    """When the switch last answered; an engine without its switch takes no calls."""


class EngineOrder(Base, OfTenant):
    """What somebody asks of a call, from another process; a NOTIFY on `anmi_engine` wakes the engine at the commit."""

    __tablename__ = "engine_orders"
    __table_args__ = (Index("ix_engine_orders_open", "engine_id", "id", postgresql_where="done_at IS NULL"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    engine_id: Mapped[UUID] = mapped_column(ForeignKey("engines.id"))
    call_id: Mapped[UUID | None]
    """None: the order is about phones or trunks."""
    order: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """An event of `core.call_events` (`{"kind": "HangUpAsked", …}`), or the name of another order with its ids."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]
    refused: Mapped[str | None]
    """Why the order was not carried out, as a code."""
