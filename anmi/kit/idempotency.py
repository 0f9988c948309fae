"""Idempotency: a creating request that is sent twice under one key is carried out once and answered twice.

The answer is kept in the same transaction as what it answers for, so neither exists without the other. It is kept
sealed: it may hold what is shown only once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, select, text
from sqlalchemy.orm import Mapped, mapped_column

from anmi.kit.db import Base
from anmi.kit.errors import Conflict, Invalid
from anmi.kit.unit_of_work import UnitOfWork

LONGEST_KEY = 200
BODY = "kept_answer.body"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered before."""

    status: int
    body: bytes


class KeptAnswer(Base):
    """What was answered to a request with an idempotency key; swept after a day."""

    __tablename__ = "kept_answers"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(index=True)


class KeyUsedOtherwise(Conflict):
    """The key was used for another request before."""

    code = "IDEMPOTENCY_KEY_USED"
    zh, en = "该幂等键已用于其他请求", "This idempotency key was used for another request"


class BadKey(Invalid):
    """The key is empty or too long."""

    code = "BAD_IDEMPOTENCY_KEY"
    zh, en = "幂等键长度应为 1 到 200 个字符", "An idempotency key has 1 to 200 characters"


def digest_of(method: str, path: str, body: bytes) -> bytes:
    """Digest what a request asks for."""
    return hashlib.sha256(f"{method} {path}\0".encode() + body).digest()


async def kept(unit: UnitOfWork, key: str, digest: bytes) -> Answer | None:
    """Return the answer kept under a key, waiting for one that is being made in another transaction."""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise BadKey
    # Two requests with one key queue here until the first has committed (advisory lock of the transaction).
    await unit.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"{unit.caller.actor_id}/{key}"}
    )
    query = select(KeptAnswer).where(KeptAnswer.actor_id == unit.caller.actor_id, KeptAnswer.key == key)
    answer = (await unit.session.execute(query)).scalar_one_or_none()
    if answer is not None and answer.request_digest != digest:
        raise KeyUsedOtherwise
    return Answer(answer.status, unit.open(BODY, answer.body_sealed).encode()) if answer else None


def keep(unit: UnitOfWork, key: str, digest: bytes, status: int, body: bytes) -> None:
    """Keep an answer with what it answers for."""
    unit.session.add(
        KeptAnswer(
            tenant_id=unit.tenant_id,
            actor_id=unit.caller.actor_id,
            key=key,
            request_digest=digest,
            status=status,
            body_sealed=unit.seal(BODY, body.decode()),
            at=unit.now,
        )
    )
