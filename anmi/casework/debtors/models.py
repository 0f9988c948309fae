"""Debtors, their numbers and addresses. What identifies a person is sealed and found by blind index."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.kit.db import Base, Identified, OfTenant

NAME = "debtor.name"
ID_NUMBER = "debtor.id_number"
ID_TAIL = "debtor.id_tail"
PHONE = "phone.number"
PHONE_TAIL = "phone.tail"
CONTACT_NAME = "phone.name"
ADDRESS = "address.text"


class Debtor(Base, Identified, OfTenant):
    """A person who owes; all of her cases in this agency hang on her."""

    __tablename__ = "debtors"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id_number_index"),
        Index("ix_debtors_tenant_id_name_index", "tenant_id", "name_index"),
        Index("ix_debtors_tenant_id_id_tail_index", "tenant_id", "id_tail_index"),
    )

    name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": NAME})
    name_index: Mapped[bytes] = mapped_column(LargeBinary)
    id_number_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": ID_NUMBER})
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    id_tail_index: Mapped[bytes] = mapped_column(LargeBinary)
    born_on: Mapped[date | None]
    gender: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    created_at: Mapped[datetime]


class Phone(Base, Identified, OfTenant):
    """A number under which a debtor, or somebody around her, may be reached."""

    __tablename__ = "phones"
    __table_args__ = (
        UniqueConstraint("debtor_id", "number_index"),
        Index("ix_phones_tenant_id_number_index", "tenant_id", "number_index"),
        Index("ix_phones_tenant_id_tail_index", "tenant_id", "tail_index"),
    )

    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("debtors.id"), index=True)
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": PHONE})
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    tail_index: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str]
    """mobile, home, work."""
    relation: Mapped[Relation]
    relation_text: Mapped[str | None]
    """The word of the sheet: 父亲, 同事 …"""
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": CONTACT_NAME})
    source: Mapped[str]
    """How the number came to us lawfully (rule CONTACT_SOURCE)."""
    carrier: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[NumberState] = mapped_column(default=NumberState.UNKNOWN)
    state_source: Mapped[str | None]
    state_at: Mapped[datetime | None]
    is_right_party: Mapped[bool | None]
    """Whether the debtor herself was reached here; None while nobody knows."""
    asked_to_stop_at: Mapped[datetime | None]
    added_by: Mapped[UUID | None]
    created_at: Mapped[datetime]


class Address(Base, Identified, OfTenant):
    """Where a letter or a visit would go."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("debtor_id", "text_index"),)

    debtor_id: Mapped[UUID] = mapped_column(ForeignKey("debtors.id"), index=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": ADDRESS})
    text_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime]


class SuppressedNumber(Base, Identified, OfTenant):
    """A number that is never dialed again (免打扰名单)."""

    __tablename__ = "suppression_list"
    __table_args__ = (UniqueConstraint("tenant_id", "number_index"),)

    number_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": PHONE})
    number_index: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID | None]
