"""Claims: what those who know the subject of a call say of how long its recording is kept.

Telephony does not know what a case is; whoever does is handed in where everything is wired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from anmi.core.keep_for import Claim
from anmi.kit.unit_of_work import UnitOfWork


class Claims(Protocol):
    """Somebody who knows subjects."""

    async def on(self, unit: UnitOfWork, kind: str, subject_ids: Sequence[UUID]) -> Mapping[UUID, Claim]:
        """Return what is claimed on the recordings of these subjects; nothing is claimed on one that is left out."""
        ...


class NoClaims:
    """Nobody claims anything: the duties alone hold."""

    async def on(self, unit: UnitOfWork, kind: str, subject_ids: Sequence[UUID]) -> Mapping[UUID, Claim]:
        """Return no claim."""
        return {}
