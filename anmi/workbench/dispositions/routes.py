"""Dispositions over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from anmi.core.permissions import Permission
from anmi.kit.web import Unit, requires, room
from anmi.workbench.dispositions.draft_schemas import DraftSeen
from anmi.workbench.dispositions.drafts import Drafts, NoteTaker
from anmi.workbench.dispositions.schemas import DispositionSeen, DispositionToMake
from anmi.workbench.dispositions.service import Dispositions

router = room("/workbench/dispositions")


async def _note_taker(request: Request) -> NoteTaker:
    return request.app.state.house.half_written


TheNoteTaker = Annotated[NoteTaker, Depends(_note_taker)]


@router.get("/draft", dependencies=[requires(Permission.CASES_WORK)])
async def get_draft(unit: Unit, note_taker: TheNoteTaker, call_id: Annotated[UUID, Query()]) -> DraftSeen:
    """Return what can be noted down of a call so far; nothing is written by it, a person confirms."""
    return DraftSeen.of(await Drafts(unit, note_taker).of_call(call_id))


@router.post("", status_code=201, dependencies=[requires(Permission.CASES_WORK)])
async def make_disposition(unit: Unit, body: DispositionToMake) -> DispositionSeen:
    """Tell the gate how a contact ended and write the entry, both or neither; the same contact is told once."""
    return DispositionSeen.of(await Dispositions(unit).dispose(body.told()))
