"""What is asked of cases about their recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.concessions.models import PaymentPlan
from anmi.casework.holds.models import Hold
from anmi.core.contact_rules.facts import HoldReason


async def creditors(session: AsyncSession, case_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """Return the creditor of each case."""
    rows = await session.execute(select(Case.id, Case.creditor_id).where(Case.id.in_(case_ids)))
    return {case_id: creditor_id for case_id, creditor_id in rows}  # noqa: C416 - rows are no pairs to a type checker


async def standing_holds(session: AsyncSession, case_ids: Sequence[UUID]) -> Sequence[tuple[UUID, HoldReason]]:
    """Return the holds that stand on cases, with their reasons."""
    query = select(Hold.case_id, Hold.reason).where(Hold.case_id.in_(case_ids), Hold.lifted_at.is_(None))
    return [(row.case_id, row.reason) for row in await session.execute(query)]


async def oral_agreements(session: AsyncSession, case_ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the cases with an agreement by word of mouth whose debt is not settled."""
    query = select(PaymentPlan.case_id).join(Case, Case.id == PaymentPlan.case_id)
    found = await session.scalars(query.where(Case.id.in_(case_ids), PaymentPlan.is_oral, Case.owing_fen > 0))
    return found.all()
