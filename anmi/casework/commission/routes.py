"""Commission over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import Response
from starlette.responses import StreamingResponse

from anmi.casework.commission.export import export_of
from anmi.casework.commission.schemas import CommissionSeen, CommissionToDraft, LineSeen, Versioned
from anmi.casework.commission.service import Commissions
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/commission")

reads = requires(Permission.COMMISSION_READ)
writes = requires(Permission.COMMISSION_WRITE)


@router.get("", dependencies=[reads])
async def list_commission_statements(unit: Unit, ask: PageAsk, creditor_id: UUID | None = None) -> Page[CommissionSeen]:
    """Return commission statements, the latest period first."""
    rows, following = await Commissions(unit).page(creditor_id, ask)
    return Page(items=[CommissionSeen.of(one, name) for one, name in rows], next=following)


@router.post("", status_code=201, dependencies=[writes])
async def draft_commission_statement(unit: Unit, body: CommissionToDraft) -> CommissionSeen:
    """Reckon the commission of a period."""
    drafted = await Commissions(unit).draft(body.creditor_id, body.from_on, body.until_on)
    return await _seen(unit, drafted.id)


@router.get("/{id}", dependencies=[reads])
async def get_commission_statement(unit: Unit, statement_id: Id) -> CommissionSeen:
    """Return a commission statement with its sums by bucket and tier."""
    return await _seen(unit, statement_id)


@router.get("/{id}/lines", dependencies=[reads])
async def list_commission_lines(unit: Unit, ask: PageAsk, statement_id: Id) -> Page[LineSeen]:
    """Return the commission payment by payment."""
    rows, following = await Commissions(unit).lines(statement_id, ask)
    return Page(items=[LineSeen.of(row) for row in rows], next=following)


@router.get(
    "/{id}/lines/export",
    dependencies=[requires(Permission.COMMISSION_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_commission_lines(units: OwnUnits, who: Who, asked: ExportAsk, statement_id: Id) -> StreamingResponse:
    """Return the commission payment by payment as a file."""
    wanted = {"statement_id": str(statement_id)}
    return await exported(units, who, asked, export_of(statement_id), "commission_lines", wanted)


@router.post("/{id}/send", dependencies=[writes])
async def send_commission_statement(unit: Unit, statement_id: Id, body: Versioned) -> CommissionSeen:
    """Say that the creditor has it."""
    await Commissions(unit).send(statement_id, body.version)
    return await _seen(unit, statement_id)


@router.post("/{id}/agree", dependencies=[writes])
async def agree_commission_statement(unit: Unit, statement_id: Id, body: Versioned) -> CommissionSeen:
    """Say that the creditor agrees."""
    await Commissions(unit).agree(statement_id, body.version)
    return await _seen(unit, statement_id)


async def _seen(unit: Unit, statement_id: UUID) -> CommissionSeen:
    return CommissionSeen.of(*await Commissions(unit).get(statement_id))
