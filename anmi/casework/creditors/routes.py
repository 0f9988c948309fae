"""Creditors over HTTP."""

from __future__ import annotations

from anmi.casework.creditors.schemas import (
    CreditorChange,
    CreditorSeen,
    CreditorToAdd,
    ProductChange,
    ProductSeen,
    ProductToAdd,
    TemplateSeen,
    TermsSeen,
    TermsToAgree,
)
from anmi.casework.creditors.service import Creditors, CreditorState, Products
from anmi.core.permissions import Permission
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/casework/creditors")

reads = requires(Permission.CREDITORS_READ)
writes = requires(Permission.CREDITORS_WRITE)


@router.get("", dependencies=[reads])
async def list_creditors(
    unit: Unit, ask: PageAsk, q: Search | None = None, state: CreditorState | None = None
) -> Page[CreditorSeen]:
    """Return creditors by code or part of the name."""
    rows, following, total = await Creditors(unit).page(q, state, ask)
    return Page(items=[CreditorSeen.model_validate(row) for row in rows], next=following, total=total)


@router.post("", status_code=201, dependencies=[writes])
async def add_creditor(unit: Unit, body: CreditorToAdd) -> CreditorSeen:
    """Take on a creditor."""
    return CreditorSeen.model_validate(await Creditors(unit).add(body.code, body.name, body.kind))


@router.get("/{id}", dependencies=[reads])
async def get_creditor(unit: Unit, creditor_id: Id) -> CreditorSeen:
    """Return a creditor."""
    return CreditorSeen.model_validate(await Creditors(unit).get(creditor_id))


@router.patch("/{id}", dependencies=[writes])
async def change_creditor(unit: Unit, creditor_id: Id, body: CreditorChange) -> CreditorSeen:
    """Change what is written of a creditor."""
    return CreditorSeen.model_validate(await Creditors(unit).change(creditor_id, body.version, body.changes()))


@router.get("/{id}/terms", dependencies=[reads])
async def list_terms(unit: Unit, creditor_id: Id) -> list[TermsSeen]:
    """Return every version of the terms, the latest first."""
    return [TermsSeen.model_validate(row) for row in await Creditors(unit).terms(creditor_id)]


@router.put("/{id}/terms", dependencies=[writes])
async def agree_terms(unit: Unit, creditor_id: Id, body: TermsToAgree) -> TermsSeen:
    """Write down what holds from a day on."""
    return TermsSeen.model_validate(await Creditors(unit).agree(creditor_id, body.effective_from, body.body.kept()))


@router.get("/{id}/products", dependencies=[reads])
async def list_products(unit: Unit, creditor_id: Id) -> list[ProductSeen]:
    """Return a creditor's products."""
    return [ProductSeen.model_validate(row) for row in await Products(unit).of(creditor_id)]


@router.post("/{id}/products", status_code=201, dependencies=[writes])
async def add_product(unit: Unit, creditor_id: Id, body: ProductToAdd) -> ProductSeen:
    """Add a product."""
    product = await Products(unit).add(creditor_id, body.code, body.name, body.buckets, body.stages)
    return ProductSeen.model_validate(product)


@router.patch("/products/{id}", dependencies=[writes])
async def change_product(unit: Unit, product_id: Id, body: ProductChange) -> ProductSeen:
    """Change a product."""
    return ProductSeen.model_validate(await Products(unit).change(product_id, body.version, body.changes()))


@router.get("/{id}/templates", dependencies=[reads])
async def list_templates(unit: Unit, creditor_id: Id) -> list[TemplateSeen]:
    """Return how the creditor's sheets were read before."""
    return [TemplateSeen.model_validate(row) for row in await Creditors(unit).templates(creditor_id)]
