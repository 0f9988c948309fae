"""Appeals over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.quality.appeals.models import AppealState
from anmi.quality.appeals.schemas import AppealDecision, AppealSeen, AppealToMake
from anmi.quality.appeals.service import Appeals

router = room("/quality/appeals")

reads = requires(Permission.INSPECTIONS_READ)
appeals = requires(Permission.APPEALS_WRITE)
inspects = requires(Permission.INSPECTIONS_WRITE)


@router.get("", dependencies=[reads])
async def list_appeals(unit: Unit, ask: PageAsk, state: AppealState | None = None) -> Page[AppealSeen]:
    """Return appeals within sight, the latest first."""
    views, following = await Appeals(unit).page(ask, state)
    return Page(items=[AppealSeen.of(view) for view in views], next=following)


@router.post("", status_code=201, dependencies=[appeals])
async def make_appeal(unit: Unit, body: AppealToMake) -> AppealSeen:
    """Speak up against an inspection of one's own call."""
    return AppealSeen.of(await Appeals(unit).make(body.inspection_id, body.finding_id, body.reason))


@router.get("/{id}", dependencies=[reads])
async def get_appeal(unit: Unit, appeal_id: Id) -> AppealSeen:
    """Return an appeal."""
    return AppealSeen.of(await Appeals(unit).get(appeal_id))


@router.post("/{id}/withdraw", dependencies=[appeals])
async def withdraw_appeal(unit: Unit, appeal_id: Id) -> AppealSeen:
    """Take one's own appeal back."""
    return AppealSeen.of(await Appeals(unit).withdraw(appeal_id))


@router.post("/{id}/decide", dependencies=[inspects])
async def decide_appeal(unit: Unit, appeal_id: Id, body: AppealDecision) -> AppealSeen:
    """Decide on an appeal; whoever inspected the call may not."""
    view = await Appeals(unit).decide(appeal_id, body.version, body.answer, is_granted=body.is_granted)
    return AppealSeen.of(view)
