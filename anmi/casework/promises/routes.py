"""Promises over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query

from anmi.casework.promises.schemas import Cancellation, PromiseOfCase, PromiseSeen, PromiseToTake
from anmi.casework.promises.service import PromiseFilter, Promises
from anmi.core.money import Money
from anmi.core.permissions import Permission
from anmi.core.promises import PromiseState
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/promises")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)


@router.get("", dependencies=[reads])
async def list_promises(
    unit: Unit,
    ask: PageAsk,
    state: Annotated[frozenset[PromiseState], Query()] = frozenset(),
    due_from: date | None = None,
    due_to: date | None = None,
    case_id: UUID | None = None,
    holder_id: UUID | None = None,
) -> Page[PromiseOfCase]:
    """Return promises within sight, the next due first."""
    wanted = PromiseFilter(state, due_from, due_to, case_id, holder_id)
    views, following = await Promises(unit).page(wanted, ask)
    return Page(items=[PromiseOfCase.of(view) for view in views], next=following)


@router.post("", status_code=201, dependencies=[works])
async def take_promise(unit: Unit, body: PromiseToTake) -> PromiseSeen:
    """Write down what a debtor promised."""
    promise = await Promises(unit).take(body.case_id, Money(body.amount_fen), body.due_on)
    return PromiseSeen.model_validate(promise)


@router.post("/{id}/cancel", dependencies=[works])
async def cancel_promise(unit: Unit, promise_id: Id, body: Cancellation) -> PromiseSeen:
    """Take a promise back before its time."""
    return PromiseSeen.model_validate(await Promises(unit).cancel(promise_id, body.reason))
