"""The log that remembers: append-only, and chained per tenant so that no row can be changed, taken or added unseen.

Each entry is signed together with the signature of the one before it. The head of a chain keeps the last number and
signature; anchors, copies of the head written outside the database, also betray a chain that was cut and re-headed.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.kit.caller import Caller
from anmi.kit.db import Base
from anmi.kit.keyring import Keyring

GENESIS = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Target:
    """The thing an entry is about."""

    kind: str
    id: UUID | str


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be remembered; `facts` hold no secrets and no unmasked personal data."""

    action: AuditAction
    target: Target | None = None
    outcome: Outcome = Outcome.DONE
    facts: dict[str, Any] = field(default_factory=dict[str, Any])


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an edit changed, as facts: the changed fields as they were and as they are."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {
        "before": {name: before.get(name) for name in changed},
        "after": {name: after[name] for name in changed},
    }


class AuditEntry(Base):
    """One remembered action."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_tenant_id_at", "tenant_id", "at"),
        Index("ix_audit_entries_tenant_id_actor_id", "tenant_id", "actor_id"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    ip: Mapped[str]
    device: Mapped[str]
    action: Mapped[str]
    target_kind: Mapped[str | None]
    target_id: Mapped[str | None]
    outcome: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    def message(self, previous: bytes) -> bytes:
        """Return what is signed: the digest before it, and every field in a fixed form."""
        fields = [
            str(self.tenant_id),
            self.seq,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_kind,
            self.actor_id and str(self.actor_id),
            self.session_id and str(self.session_id),
            self.ip,
            self.device,
            self.action,
            self.target_kind,
            self.target_id,
            self.outcome,
            self.facts,
        ]
        return previous + json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class AuditHead(Base):
    """The end of a tenant's chain."""

    __tablename__ = "audit_heads"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A copy of a chain's head, kept outside the database."""

    tenant_id: UUID
    seq: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain, and at which entry. `kind`: changed, missing, inserted, cut."""

    seq: int
    kind: str


async def append(
    session: AsyncSession, keyring: Keyring, caller: Caller, tenant_id: UUID, at: datetime, notes: Sequence[Note]
) -> None:
    """Chain notes to the tenant's log; the head stays locked until the transaction ends, so call this last."""
    head = await session.get(AuditHead, tenant_id, with_for_update=True, populate_existing=True)
    if head is None:
        head = AuditHead(tenant_id=tenant_id, seq=0, digest=GENESIS)
        session.add(head)
    for note in notes:
        entry = AuditEntry(
            tenant_id=tenant_id,
            seq=head.seq + 1,
            at=at,
            actor_kind=caller.kind,
            actor_id=caller.actor_id,
            session_id=caller.session_id,
            ip=caller.ip,
            device=caller.device[:200],
            action=note.action,
            target_kind=note.target and note.target.kind,
            target_id=note.target and str(note.target.id),
            outcome=note.outcome,
            facts=json.loads(json.dumps(note.facts, default=str)),
        )
        entry.digest = keyring.sign(tenant_id, entry.message(head.digest))
        head.seq, head.digest = entry.seq, entry.digest
        session.add(entry)
    await session.flush()


async def verify(
    session: AsyncSession, keyring: Keyring, tenant_id: UUID, anchors: Sequence[Anchor] = ()
) -> AsyncIterator[Fault | int]:
    """Walk a tenant's chain; yield each fault as it is found, and at the end the number of entries walked."""
    anchored = {anchor.seq: anchor.digest for anchor in anchors if anchor.tenant_id == tenant_id}
    previous, expected, walked = GENESIS, 1, 0
    entries = await session.stream_scalars(
        select(AuditEntry)
        .where(AuditEntry.tenant_id == tenant_id)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    async for entry in entries:
        walked += 1
        if entry.seq > expected:
            for seq in range(expected, entry.seq):
                yield Fault(seq, "missing")
        elif entry.seq < expected:
            yield Fault(entry.seq, "inserted")
        sound = keyring.sign(tenant_id, entry.message(previous)) == entry.digest
        if (not sound and entry.seq == expected) or anchored.get(entry.seq, entry.digest) != entry.digest:
            yield Fault(entry.seq, "changed")
        previous, expected = entry.digest, entry.seq + 1
        session.expunge(entry)
    head = await session.get(AuditHead, tenant_id)
    last = max([head.seq if head else 0, *anchored], default=0)
    for seq in range(expected, last + 1):
        yield Fault(seq, "cut")
    if head is not None and head.seq == expected - 1 and head.digest != previous:
        yield Fault(head.seq, "changed")
    if head is not None and head.seq < expected - 1:
        yield Fault(expected - 1, "inserted")
    yield walked
