"""Anchors: copies of every chain's head, kept outside the database.

Who owns the database can cut a log and give it back an older head; what was written down elsewhere betrays it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.kit.audit import Anchor, AuditHead


class Anchors:
    """The file of anchors of one installation: one JSON line for each head and each time, only ever appended to."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "audit" / "anchors.jsonl"

    def of(self, tenant_id: UUID) -> list[Anchor]:
        """Return what was written down of an agency's log; a line that was cut off by a crash is passed over."""
        if not self._path.exists():
            return []
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return [anchor for line in lines if str(tenant_id) in line and (anchor := _read(line))]

    def append(self, anchors: Sequence[Anchor], at: datetime) -> None:
        """Write heads down."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [
            json.dumps(
                {
                    "at": at.isoformat(),
                    "tenant_id": str(anchor.tenant_id),
                    "seq": anchor.seq,
                    "digest": anchor.digest.hex(),
                }
            )
            for anchor in anchors
        ]
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            # A line that a crash cut off is ended first, or the next would be lost with it.
            text = "".join(f"{line}\n" for line in lines)
            file.write((text if self._ends_whole() else f"\n{text}").encode())
            file.flush()
            os.fsync(file.fileno())

    def _ends_whole(self) -> bool:
        size = self._path.stat().st_size
        with self._path.open("rb") as file:
            file.seek(max(size - 1, 0))
            return file.read() in (b"", b"\n")


def _read(line: str) -> Anchor | None:
    try:
        written = json.loads(line)
        return Anchor(UUID(written["tenant_id"]), int(written["seq"]), bytes.fromhex(written["digest"]))
    except (ValueError, KeyError, TypeError):
        return None


async def head_of(session: AsyncSession, tenant_id: UUID) -> Anchor | None:
    """Return the head of an agency's log as it is, to be written down."""
    head = (await session.scalars(select(AuditHead).where(AuditHead.tenant_id == tenant_id))).one_or_none()
    return Anchor(tenant_id, head.seq, head.digest) if head else None
