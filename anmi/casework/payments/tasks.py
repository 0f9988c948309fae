"""Matches the lines of a statement after it was imported."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from anmi.casework.payments.statements import Statements
from anmi.core.permissions import Words
from anmi.kit.jobs import JobKind, Run


async def _reconcile(run: Run, statement_id: str) -> None:
    async with run.unit() as unit:
        await Statements(unit).reconcile(UUID(statement_id))


RECONCILE: Final = JobKind("payments.reconcile", Words("对账单匹配", "Reconcile a statement"), _reconcile)
