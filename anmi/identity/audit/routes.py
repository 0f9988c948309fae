"""The log over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import AwareDatetime

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.permissions import Permission
from anmi.identity.audit.anchors import Anchors
from anmi.identity.audit.schemas import EntrySeen, VerdictSeen
from anmi.identity.audit.service import AuditLog, LogFilter
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.web import PageAsk, Unit, requires, room

router = room("/identity/audit")


@router.get("", dependencies=[requires(Permission.AUDIT_READ)])
async def search_audit(
    unit: Unit,
    ask: PageAsk,
    actor: UUID | None = None,
    action: AuditAction | None = None,
    outcome: Outcome | None = None,
    since: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    target: Search | None = None,
) -> Page[EntrySeen]:
    """Return entries of the log, the newest first; `target` is a kind, an id, or `kind:id`."""
    wanted = LogFilter(actor, action, outcome, since, until, target)
    views, following = await AuditLog(unit).search(wanted, ask.limit, ask.after)
    return Page(items=[EntrySeen.of(view) for view in views], next=following)


@router.post("/verify", dependencies=[requires(Permission.AUDIT_VERIFY)])
async def verify_audit(unit: Unit, request: Request) -> VerdictSeen:
    """Walk the whole chain and name whatever is wrong with it."""
    return VerdictSeen.of(await AuditLog(unit).verify(Anchors(request.app.state.house.settings.data_dir)))
