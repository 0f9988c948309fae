"""The log that remembers: append-only, and chained per tenant so that no row can be changed, taken or added unseen.

Each entry is sealed, and linked to the one before it (`anmi.kit.audit_chain`). The head of a chain keeps its last place
and digest; anchors, copies of the head written outside the database, also betray a chain that was cut and re-headed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.kit.audit_chain import GENESIS, Examination, Fault, Link, link_message, seal_message
from anmi.kit.caller import Caller
from anmi.kit.db import Base
from anmi.kit.keyring import Keyring


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


# Every recording is remembered: its statements go straight to psycopg.
_HEAD: Final = "SELECT seq, digest FROM audit_heads WHERE tenant_id = %s FOR UPDATE"
_FIRST: Final = "INSERT INTO audit_heads (tenant_id, seq, digest) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING"
_ADD: Final = """
WITH head AS (UPDATE audit_heads SET seq = %(seq)s, digest = %(digest)s WHERE tenant_id = %(tenant_id)s)
INSERT INTO audit_entries (tenant_id, seq, at, actor_kind, actor_id, session_id, ip, device, action, target_kind,
                           target_id, outcome, facts, seal, digest)
VALUES (%(tenant_id)s, %(seq)s, %(at)s, %(actor_kind)s, %(actor_id)s, %(session_id)s, %(ip)s, %(device)s, %(action)s,
        %(target_kind)s, %(target_id)s, %(outcome)s, %(facts)s, %(seal)s, %(digest)s)
"""


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
    seal: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)

    def content(self) -> bytes:
        """Return what is sealed besides the place: every field in a fixed form."""
        fields = [
            str(self.tenant_id),
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
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


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


async def append(
    driver: AsyncConnection[Any],
    keyring: Keyring,
    caller: Caller,
    tenant_id: UUID,
    at: datetime,
    notes: Sequence[Note],
) -> None:
    """Chain notes to the tenant's log; the head stays locked until the transaction ends, so call this last."""
    seq, digest = await _locked_head(driver, tenant_id)
    for note in notes:
        entry = {
            "tenant_id": tenant_id,
            "at": at,
            "actor_kind": caller.kind,
            "actor_id": caller.actor_id,
            "session_id": caller.session_id,
            "ip": caller.ip,
            "device": _plain(caller.device[:200]),
            "action": note.action,
            "target_kind": note.target and note.target.kind,
            "target_id": note.target and _plain(str(note.target.id)),
            "outcome": note.outcome,
            "facts": _plain(note.facts),
        }
        seq += 1
        seal = keyring.sign(tenant_id, seal_message(seq, AuditEntry(**entry).content()))
        digest = keyring.sign(tenant_id, link_message(digest, seal))
        entry |= {"facts": Jsonb(entry["facts"]), "seq": seq, "seal": seal, "digest": digest}
        await driver.execute(_ADD, entry)


async def _locked_head(driver: AsyncConnection[Any], tenant_id: UUID) -> tuple[int, bytes]:
    while (head := await (await driver.execute(_HEAD, (tenant_id,))).fetchone()) is None:
        # The first entry of a tenant may come twice at once: one of the two makes the head, the other waits for it.
        await driver.execute(_FIRST, (tenant_id, GENESIS))
    return head


async def verify(
    session: AsyncSession, keyring: Keyring, tenant_id: UUID, anchors: Sequence[Anchor] = ()
) -> tuple[int, list[Fault]]:
    """Walk a tenant's chain; return how many entries there are, and what is wrong with them."""
    examination = Examination(
        lambda message, digest: keyring.has_signed(tenant_id, message, digest),
        lambda message: keyring.sign(tenant_id, message),
        {anchor.seq: anchor.digest for anchor in anchors if anchor.tenant_id == tenant_id},
    )
    # One statement sees entries and head at one moment, however busy the log is.
    head = (
        select(AuditHead.seq.label("seq"), AuditHead.digest.label("digest"))
        .where(AuditHead.tenant_id == tenant_id)
        .subquery()
    )
    query = (
        select(AuditEntry, head.c.seq, head.c.digest)
        .outerjoin(head, true())
        .where(AuditEntry.tenant_id == tenant_id)
        .order_by(AuditEntry.seq)
        .execution_options(yield_per=1000)
    )
    end: tuple[int, bytes] | None = None
    async for entry, seq, digest in await session.stream(query):
        examination.take(Link(entry.seq, entry.content(), entry.seal, entry.digest))
        end = None if seq is None else (seq, digest)
        session.expunge(entry)
    if not examination.walked and (alone := await session.get(AuditHead, tenant_id, populate_existing=True)):
        end = (alone.seq, alone.digest)
    return examination.walked, examination.faults(end)


def _plain(value: Any) -> Any:
    """Turn a fact into what comes back from the database as it went in, or the seal would not fit it any more."""
    match value:
        case None | bool() | int():
            return value
        case dict():
            return {_plain(str(name)): _plain(each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(each) for each in value]
        case _:
            # No NUL and no half of a pair: PostgreSQL keeps neither. A float becomes text: `jsonb` would respell it.
            return str(value).replace("\0", "\ufffd").encode(errors="replace").decode()
