"""Cases over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Response
from starlette.responses import StreamingResponse

from anmi.casework.cases.asked_schemas import (
    BulkAsked,
    FilterQuery,
    NextAction,
    PhoneChange,
    PhoneToAdd,
    ReasonOfStep,
    Retention,
    RevealOfCase,
    StageChange,
    ViewChange,
    ViewToSave,
)
from anmi.casework.cases.export import export_of
from anmi.casework.cases.saved_views import SavedViews
from anmi.casework.cases.schemas import (
    CaseInFull,
    CaseSeen,
    FiguresSeen,
    PhoneSeen,
    Revealed,
    SavedViewSeen,
    TimelineEntrySeen,
)
from anmi.casework.cases.service import CaseFilter, Cases
from anmi.casework.debtors.service import Debtors
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.bulk import BulkAnswer, for_each
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.fields import Line
from anmi.kit.paging import Page
from anmi.kit.web import Id, NotPermitted, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/cases")
views_router = room("/casework/views")

reads = requires(Permission.CASES_READ)
works = requires(Permission.CASES_WORK)
holds = requires(Permission.CASES_HOLD)
returns = requires(Permission.PLACEMENTS_WRITE)


async def _case_filter(query: Annotated[FilterQuery, Query()]) -> CaseFilter:
    return query.wanted()


Wanted = Annotated[CaseFilter, Depends(_case_filter)]
PhoneId = Annotated[UUID, Path(alias="phone_id")]


@router.get("", dependencies=[reads])
async def list_cases(unit: Unit, ask: PageAsk, wanted: Wanted) -> Page[CaseSeen]:
    """Return cases within sight; `/figures` counts them."""
    lines, following = await Cases(unit).page(wanted, ask)
    return Page(items=[CaseSeen.model_validate(line) for line in lines], next=following)


@router.get(
    "/export",
    dependencies=[requires(Permission.CASES_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_cases(
    units: OwnUnits, who: Who, asked: ExportAsk, query: Annotated[FilterQuery, Query()]
) -> StreamingResponse:
    """Return the cases of a filter as a file; id numbers and phones in full only with the right and a reason."""
    export = export_of(query.wanted(), asked)
    return await exported(units, who, asked, export, "cases", query.remembered())


@router.get("/figures", dependencies=[reads])
async def count_cases(
    unit: Unit, wanted: Wanted, most: Annotated[int | None, Query(ge=1, le=10**6)] = None
) -> FiguresSeen:
    """Count the cases a filter shows and add up what they owe, by state and bucket, unless they are more than `most`.

    All cases of a large agency take seconds to be added up, and a page of a list need not wait for that.
    """
    return FiguresSeen.of(await Cases(unit).figures(wanted, most))


@router.post("/bulk", dependencies=[reads])
async def bulk(unit: Unit, body: BulkAsked) -> BulkAnswer:
    """Do one thing to many cases; each is answered for itself."""
    permission = _permission_of(body)
    if not unit.rights.may(permission):
        raise NotPermitted(permission=permission)
    cases = Cases(unit)
    case_ids = body.case_ids or (await cases.ids(body.filter.wanted(), permission) if body.filter else [])
    return await for_each(unit, case_ids, _deed(cases, body))


@router.get("/{id}", dependencies=[reads])
async def get_case(unit: Unit, case_id: Id) -> CaseInFull:
    """Return the whole case."""
    return CaseInFull.of(await Cases(unit).seen(case_id))


@router.get("/{id}/timeline", dependencies=[reads])
async def get_timeline(unit: Unit, case_id: Id, ask: PageAsk) -> Page[TimelineEntrySeen]:
    """Return what was written of a case, the newest first."""
    entries, following = await Cases(unit).timeline(case_id, ask)
    return Page(items=[TimelineEntrySeen.model_validate(entry) for entry in entries], next=following)


@router.get("/{id}/linked", dependencies=[reads])
async def get_linked(unit: Unit, case_id: Id) -> list[CaseSeen]:
    """Return the debtor's other cases, as far as the caller sees them."""
    return [CaseSeen.model_validate(line) for line in await Cases(unit).linked(case_id)]


@router.post("/{id}/phones", status_code=201, dependencies=[works])
async def add_phone(unit: Unit, case_id: Id, body: PhoneToAdd) -> PhoneSeen:
    """Write down a number and the lawful way it came to us."""
    case = await Cases(unit).get(case_id, Permission.CASES_WORK)
    phone = await Debtors(unit).add_phone(
        case.debtor_id, body.number, body.relation, body.source, body.name, body.relation_text, body.kind
    )
    return PhoneSeen.model_validate(phone)


@router.patch("/{id}/phones/{phone_id}", dependencies=[works])
async def change_phone(unit: Unit, case_id: Id, phone_id: PhoneId, body: PhoneChange) -> PhoneSeen:
    """Change what is known of a number, stop it or suppress it."""
    case, debtors = await Cases(unit).get(case_id, Permission.CASES_WORK), Debtors(unit)
    phone = await debtors.phone(case.debtor_id, phone_id)
    if body.asked_to_stop:
        debtors.stop(phone)
    if body.suppress is not None:
        await debtors.suppress_phone(phone, body.suppress)
    return PhoneSeen.model_validate(await debtors.change_phone(case.debtor_id, phone_id, body.changes()))


@router.post("/{id}/reveal", dependencies=[reads])
async def reveal(unit: Unit, case_id: Id, body: RevealOfCase) -> Revealed:
    """Show a masked field to somebody with the right and a reason."""
    item_id = body.phone_id or body.address_id
    return Revealed(value=await Cases(unit).reveal(case_id, body.field, item_id, body.reason))


@router.post("/{id}/return", status_code=204, dependencies=[returns])
async def return_case(unit: Unit, case_id: Id, body: ReasonOfStep) -> None:
    """Hand a case back to its creditor."""
    await Cases(unit).return_(case_id, body.reason)


@router.post("/{id}/retain", dependencies=[holds])
async def retain_case(unit: Unit, case_id: Id, body: Retention) -> CaseInFull:
    """Keep a case past the day it was to go back."""
    await Cases(unit).retain(case_id, body.until, body.reason)
    return await get_case(unit, case_id)


@router.post("/{id}/legal", dependencies=[holds])
async def start_legal(unit: Unit, case_id: Id, body: ReasonOfStep) -> CaseInFull:
    """Take a case to court."""
    await Cases(unit).start_legal(case_id, body.reason)
    return await get_case(unit, case_id)


@router.post("/{id}/legal/end", dependencies=[holds])
async def end_legal(unit: Unit, case_id: Id, body: ReasonOfStep) -> CaseInFull:
    """Take a case back from court."""
    await Cases(unit).end_legal(case_id, body.reason)
    return await get_case(unit, case_id)


@router.post("/{id}/stage", dependencies=[works])
async def move_stage(unit: Unit, case_id: Id, body: StageChange) -> CaseInFull:
    """Take a case to another stage of its product."""
    await Cases(unit).move_stage(case_id, body.stage, body.reason)
    return await get_case(unit, case_id)


@router.put("/{id}/next-action", dependencies=[works])
async def plan_next(unit: Unit, case_id: Id, body: NextAction) -> CaseInFull:
    """Say when a case is to be looked at again."""
    await Cases(unit).plan_next(case_id, body.next_action_at)
    return await get_case(unit, case_id)


@views_router.get("", dependencies=[reads])
async def list_views(unit: Unit, list_name: Annotated[Line, Query(alias="list")]) -> list[SavedViewSeen]:
    """Return the caller's saved views of one list."""
    return [SavedViewSeen.model_validate(view) for view in await SavedViews(unit).all(list_name)]


@views_router.post("", status_code=201, dependencies=[reads])
async def save_view(unit: Unit, list_name: Annotated[Line, Query(alias="list")], body: ViewToSave) -> SavedViewSeen:
    """Keep a view."""
    return SavedViewSeen.model_validate(await SavedViews(unit).add(list_name, body.name, body.body))


@views_router.put("/{id}", dependencies=[reads])
async def change_view(unit: Unit, view_id: Id, body: ViewChange) -> SavedViewSeen:
    """Keep another view in this one's place."""
    view = await SavedViews(unit).change(view_id, body.version, body.name, body.body)
    return SavedViewSeen.model_validate(view)


@views_router.delete("/{id}", status_code=204, dependencies=[reads])
async def remove_view(unit: Unit, view_id: Id) -> None:
    """Forget a view."""
    await SavedViews(unit).remove(view_id)


def _permission_of(body: BulkAsked) -> Permission:
    match body.action:
        case "return":
            return Permission.PLACEMENTS_WRITE
        case "retain" | "legal":
            return Permission.CASES_HOLD
        case "stage" | "next_action":
            return Permission.CASES_WORK


def _deed(cases: Cases, body: BulkAsked) -> Callable[[UUID], Awaitable[None]]:
    reason = body.reason or ""

    async def do(case_id: UUID) -> None:
        match body.action:
            case "return":
                await cases.return_(case_id, reason)
            case "retain" if body.until is not None:
                await cases.retain(case_id, body.until, reason)
            case "legal":
                await cases.start_legal(case_id, reason)
            case "stage":
                await cases.move_stage(case_id, body.stage or "", reason)
            case _:
                await cases.plan_next(case_id, body.next_action_at)

    return do
