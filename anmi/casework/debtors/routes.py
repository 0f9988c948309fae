"""The suppression list (免打扰名单) over HTTP; debtors themselves are reached through their cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from anmi.casework.debtors.schemas import NumberToSuppress, SuppressedSeen
from anmi.casework.debtors.service import Debtors
from anmi.core.permissions import Permission
from anmi.kit.fields import Reason
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/suppression-list", "/casework/debtors")


@router.get("", dependencies=[requires(Permission.CONTACT_RULES_READ)])
async def list_suppressed(unit: Unit, ask: PageAsk) -> Page[SuppressedSeen]:
    """Return the numbers that are never dialed again, the newest first."""
    views, following = await Debtors(unit).suppressed(ask)
    return Page(items=[SuppressedSeen.model_validate(view) for view in views], next=following)


@router.post("", status_code=204, dependencies=[requires(Permission.CASES_HOLD)])
async def suppress_number(unit: Unit, body: NumberToSuppress) -> None:
    """Put a number on the list."""
    await Debtors(unit).suppress(body.number, body.reason)


@router.delete("/{id}", status_code=204, dependencies=[requires(Permission.CONTACT_RULES_WRITE)])
async def release_number(unit: Unit, suppressed_id: Id, reason: Annotated[Reason, Query()]) -> None:
    """Take a number off the list."""
    await Debtors(unit).release(suppressed_id, reason)
