"""Payments over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from starlette.responses import StreamingResponse

from anmi.casework.payments.export import export_of
from anmi.casework.payments.schemas import (
    PaymentQuery,
    PaymentSeen,
    PaymentsOfState,
    PaymentToClaim,
    PaymentToPost,
    Why,
)
from anmi.casework.payments.service import PaymentFilter, Payments, PaymentState
from anmi.core.permissions import FieldRight, Permission
from anmi.kit.exports import EXPORTED, ExportAsk, exported
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, PageAsk, Unit, Who, requires, room

router = room("/casework/payments")

reads = requires(Permission.PAYMENTS_READ)
posts = requires(Permission.PAYMENTS_POST)


async def _payment_filter(query: Annotated[PaymentQuery, Query()]) -> PaymentFilter:
    return query.wanted()


Wanted = Annotated[PaymentFilter, Depends(_payment_filter)]


@router.get("", dependencies=[reads])
async def list_payments(unit: Unit, ask: PageAsk, wanted: Wanted) -> Page[PaymentSeen]:
    """Return payments within sight."""
    views, following = await Payments(unit).page(wanted, ask)
    return Page(items=[PaymentSeen.model_validate(view) for view in views], next=following)


@router.get(
    "/export",
    dependencies=[requires(Permission.PAYMENTS_READ, FieldRight.EXPORT, opens_units=True)],
    response_class=Response,
    responses=EXPORTED,
)
async def export_payments(
    units: OwnUnits, who: Who, asked: ExportAsk, query: Annotated[PaymentQuery, Query()]
) -> StreamingResponse:
    """Return the payments of a filter as a file."""
    wanted = query.model_dump(mode="json", exclude_defaults=True)
    return await exported(units, who, asked, export_of(query.wanted()), "payments", wanted)


@router.get("/figures", dependencies=[reads])
async def payment_figures(unit: Unit, wanted: Wanted) -> dict[PaymentState, PaymentsOfState]:
    """Return how many payments within sight there are and what they come to, by state."""
    figures = await Payments(unit).figures(wanted)
    return {state: PaymentsOfState(count=count, amount_fen=fen) for state, (count, fen) in figures.items()}


@router.post("", status_code=201, dependencies=[requires(Permission.CASES_WORK)])
async def claim_payment(unit: Unit, body: PaymentToClaim) -> PaymentSeen:
    """Write down money that is said to have been paid."""
    payment = await Payments(unit).claim(body.case_id, body.claim())
    return await _seen(unit, payment.id, Permission.CASES_WORK)


@router.get("/{id}", dependencies=[reads])
async def get_payment(unit: Unit, payment_id: Id) -> PaymentSeen:
    """Return a payment with its postings."""
    return await _seen(unit, payment_id, Permission.PAYMENTS_READ)


@router.post("/{id}/post", dependencies=[posts])
async def post_payment(unit: Unit, payment_id: Id, body: PaymentToPost) -> PaymentSeen:
    """Book money that has come."""
    await Payments(unit).post(payment_id, body.amount())
    return await _seen(unit, payment_id, Permission.PAYMENTS_POST)


@router.post("/{id}/reject", dependencies=[posts])
async def reject_payment(unit: Unit, payment_id: Id, body: Why) -> PaymentSeen:
    """Say that claimed money did not come."""
    await Payments(unit).reject(payment_id, body.reason)
    return await _seen(unit, payment_id, Permission.PAYMENTS_POST)


@router.post("/{id}/reverse", dependencies=[posts])
async def reverse_payment(unit: Unit, payment_id: Id, body: Why) -> PaymentSeen:
    """Take back money that was none."""
    await Payments(unit).reverse(payment_id, body.reason)
    return await _seen(unit, payment_id, Permission.PAYMENTS_POST)


async def _seen(unit: Unit, payment_id: UUID, permission: Permission) -> PaymentSeen:
    return PaymentSeen.model_validate(await Payments(unit).get(payment_id, permission))
