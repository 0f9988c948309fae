"""Requests to keep cases over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from anmi.casework.retentions.schemas import (
    RetentionAnswer,
    RetentionQuery,
    RetentionSeen,
    RetentionToAsk,
    RetentionWithdrawal,
)
from anmi.casework.retentions.service import Retentions
from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/retentions")

reads = requires(Permission.PLACEMENTS_READ)
asks = requires(Permission.CASES_HOLD)
answers = requires(Permission.PLACEMENTS_WRITE)


@router.get("", dependencies=[reads])
async def list_retentions(unit: Unit, ask: PageAsk, query: Annotated[RetentionQuery, Query()]) -> Page[RetentionSeen]:
    """Return requests within sight, the newest first."""
    rows, following = await Retentions(unit).page(query.wanted(), ask)
    return Page(items=[RetentionSeen.of(row) for row in rows], next=following)


@router.post("", status_code=201, dependencies=[asks])
async def ask_retention(unit: Unit, body: RetentionToAsk) -> RetentionSeen:
    """Ask that a case, or a placement, may stay until a later day."""
    retentions = Retentions(unit)
    request = await retentions.ask(body.placement_id, body.case_id, body.until, body.reason)
    return RetentionSeen.of(await retentions.get(request.id))


@router.post("/{id}/answer", dependencies=[answers])
async def answer_retention(unit: Unit, request_id: Id, body: RetentionAnswer) -> RetentionSeen:
    """Write down what the creditor answered."""
    await Retentions(unit).answer(request_id, body.version, body.until, body.note)
    return RetentionSeen.of(await Retentions(unit).get(request_id))


@router.post("/{id}/withdraw", dependencies=[asks])
async def withdraw_retention(unit: Unit, request_id: Id, body: RetentionWithdrawal) -> RetentionSeen:
    """Take back a request that has no answer yet."""
    await Retentions(unit).withdraw(request_id, body.version)
    return RetentionSeen.of(await Retentions(unit).get(request_id))
