"""What the log remembers, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency


async def remembered(units: Units, agency: Agency, action: str | None = None) -> Sequence[AuditEntry]:
    """Return the agency's log, or the entries of one action in it."""
    query = select(AuditEntry).where(AuditEntry.tenant_id == agency.tenant_id).order_by(AuditEntry.seq)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return (await unit.session.scalars(query.where(AuditEntry.action == action) if action else query)).all()
