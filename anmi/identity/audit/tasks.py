"""Anchoring: the heads of the log are written down outside the database, every hour."""

from __future__ import annotations

from anmi.core.permissions import Words
from anmi.identity.audit.anchors import Anchors, head_of
from anmi.kit.jobs import JobKind, Run


def anchoring(anchors: Anchors) -> JobKind:
    """Return the job that anchors an agency's log."""

    async def anchor(run: Run) -> None:
        async with run.unit() as unit:
            head = await head_of(unit.session, unit.tenant_id)
            if head is not None:
                anchors.append([head], unit.now)

    return JobKind("audit.anchor", Words("锚定审计日志", "Anchor the audit log"), anchor, every="7 * * * *")
