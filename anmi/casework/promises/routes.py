"""Promises over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from starlette.responses import StreamingResponse

from anmi.casework.promises.export import export_of
from anmi.casework.promises.schemas import Cancellation, PromiseOfCase, PromiseQuery, PromiseSeen, PromiseToTake
from anmi.casework.promises.service import Promises
from anmi.core.money import Money
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/promises")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)


@router.get("", dependencies=[reads])
async def list_promises(unit: Unit, ask: PageAsk, query: Annotated[PromiseQuery, Query()]) -> Page[PromiseOfCase]:
    """Return promises within sight, the next due first."""
    views, following = await Promises(unit).page(query.wanted(), ask)
    return Page(items=[PromiseOfCase.of(view) for view in views], next=following)


@router.get(
    "/export",
    dependencies=[requires(Permission.CASES_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_promises(
    units: OwnUnits, who: Who, asked: ExportAsk, query: Annotated[PromiseQuery, Query()]
) -> StreamingResponse:
    """Return the promises of a filter as a file."""
    wanted = query.model_dump(mode="json", exclude_defaults=True)
    return await exported(units, who, asked, export_of(query.wanted()), "promises", wanted)


@router.post("", status_code=201, dependencies=[works])
async def take_promise(unit: Unit, body: PromiseToTake) -> PromiseSeen:
    """Write down what a debtor promised."""
    promise = await Promises(unit).take(body.case_id, Money(body.amount_fen), body.due_on)
    return PromiseSeen.model_validate(promise)


@router.post("/{id}/cancel", dependencies=[works])
async def cancel_promise(unit: Unit, promise_id: Id, body: Cancellation) -> PromiseSeen:
    """Take a promise back before its time."""
    return PromiseSeen.model_validate(await Promises(unit).cancel(promise_id, body.reason))
