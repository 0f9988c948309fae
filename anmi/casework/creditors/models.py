"""Creditors, the terms they gave us, and their products."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base, Identified, OfTenant, Versioned


class CreditorState(StrEnum):
    """Whether we take placements from a creditor."""

    ACTIVE = "active"
    ENDED = "ended"


class Creditor(Base, Identified, OfTenant, Versioned):
    """An owner of debts. `kind` decides which rate regime its claims are held against."""

    __tablename__ = "creditors"
    __table_args__ = (UniqueConstraint("tenant_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[CreditorState] = mapped_column(default=CreditorState.ACTIVE)


class CreditorTerms(Base, Identified, OfTenant, Versioned):
    """What was agreed with a creditor from a day on; an agreement is never edited after it has come into force.

    The body holds the commission table, the concessions allowed, the order in which payments are allocated, stricter
    contact rules, how long records are kept and the duty to return them (`creditors.schemas.Terms`).
    """

    __tablename__ = "creditor_terms"
    __table_args__ = (UniqueConstraint("creditor_id", "effective_from"),)

    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    effective_from: Mapped[date]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Product(Base, Identified, OfTenant, Versioned):
    """A kind of debt of a creditor, with its table of buckets and its stages."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("creditor_id", "code"),)

    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    buckets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    stages: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)


class ColumnTemplate(Base, Identified, OfTenant, Versioned):
    """How a creditor's sheet is read: its headers and our columns, remembered from the last import."""

    __tablename__ = "column_templates"
    __table_args__ = (UniqueConstraint("creditor_id", "name"),)

    creditor_id: Mapped[UUID] = mapped_column(ForeignKey("creditors.id"), index=True)
    name: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
