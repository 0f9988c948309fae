"""Creditors, what was agreed with them, and their products.

Terms are versions: each holds from a day on, and one that has come into force is never edited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from anmi.casework.creditors import repository
from anmi.casework.creditors.events import CreditorAdded, CreditorChanged, TermsAgreed
from anmi.casework.creditors.models import ColumnTemplate, Creditor, CreditorState, CreditorTerms, Product
from anmi.casework.tables import contact_rule_pack, default_bucket_rows, default_stage_rows
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.case_stages import read_stages
from anmi.core.contact_rules.rule_pack import Layer, RefusedOverrides, tighten
from anmi.core.delinquency import read_buckets
from anmi.core.rate_regime import CreditorType
from anmi.core.terms import Terms, read_terms
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = ["CreditorState", "Creditors", "Products"]


class CreditorCodeTaken(Conflict):
    """Another creditor has this code."""

    code = "CREDITOR_CODE_TAKEN"
    zh, en = "委托方编号“{given}”已被使用", "The creditor code {given} is taken"


class ProductCodeTaken(Conflict):
    """Another product of the creditor has this code."""

    code = "PRODUCT_CODE_TAKEN"
    zh, en = "产品编号“{given}”已被使用", "The product code {given} is taken"


class TermsInForce(Conflict):
    """An agreement that has come into force is not edited, and no other is slipped in before it."""

    code = "TERMS_IN_FORCE"
    zh, en = (
        "{day} 起的条款已生效，新条款须从今天以后生效",
        "The terms of {day} are in force; new ones begin after today",
    )


class TermsUnreadable(Invalid):
    """A part of the terms cannot be read."""

    code = "TERMS_UNREADABLE"
    zh, en = "条款内容有误：{detail}", "The terms cannot be read: {detail}"


class TermsLoosenRules(Invalid):
    """A creditor's contact rules may only be stricter than everybody's."""

    code = "TERMS_LOOSEN_RULES"
    zh, en = "触达规则只能更严，不能放宽：{rules}", "Contact rules may only be tightened: {rules}"


class TableUnreadable(Invalid):
    """A product's buckets or stages do not fit together."""

    code = "PRODUCT_TABLE_UNREADABLE"
    zh, en = "账龄或阶段表有误：{detail}", "The buckets or stages do not fit: {detail}"


class CreditorChanges(TypedDict, total=False):
    """The fields an edit of a creditor touches."""

    name: str
    kind: CreditorType
    state: CreditorState


class ProductChanges(TypedDict, total=False):
    """The fields an edit of a product touches."""

    name: str
    buckets: list[dict[str, Any]]
    stages: list[dict[str, Any]]


class Creditors:
    """The creditors of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(
        self, q: str | None, state: CreditorState | None, ask: Ask
    ) -> tuple[Sequence[Creditor], str | None, int]:
        """Return one page of creditors, the cursor of the next, and how many there are."""
        return await repository.page(self._unit.session, q, state, ask)

    async def get(self, creditor_id: UUID, *, lock: bool = False) -> Creditor:
        """Return a creditor."""
        creditor = await repository.creditor(self._unit.session, creditor_id, lock=lock)
        if creditor is None:
            raise NotFound
        return creditor

    async def add(self, code: str, name: str, kind: CreditorType) -> Creditor:
        """Take on a creditor; without terms, the law and the house's own tables hold."""
        creditor = Creditor(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            code=code,
            name=name,
            kind=kind,
            state=CreditorState.ACTIVE,
            version=1,
        )
        taken = {"uq_creditors_tenant_id_code": CreditorCodeTaken(given=code)}
        async with refused_as(self._unit.session, taken):
            self._unit.session.add(creditor)
        self._unit.remember(AuditAction.CREDITOR_ADDED, ("creditor", creditor.id), code=code, name=name, kind=kind)
        self._unit.announce(CreditorAdded(creditor.id), "creditors")
        return creditor

    async def change(self, creditor_id: UUID, version: int, changes: CreditorChanges) -> Creditor:
        """Change what is written of a creditor; one that has ended gives no new placements."""
        creditor = await self.get(creditor_id, lock=True)
        creditor.edit(version)
        before = _facts(creditor)
        creditor.name = changes.get("name", creditor.name)
        creditor.kind = changes.get("kind", creditor.kind)
        creditor.state = changes.get("state", creditor.state)
        facts = difference(before, _facts(creditor))
        self._unit.remember(AuditAction.CREDITOR_CHANGED, ("creditor", creditor_id), **facts)
        self._unit.announce(CreditorChanged(creditor_id), "creditors")
        return creditor

    async def terms(self, creditor_id: UUID) -> Sequence[CreditorTerms]:
        """Return all versions of the terms, the latest first."""
        await self.get(creditor_id)
        return await repository.terms(self._unit.session, creditor_id)

    async def terms_on(self, creditor_id: UUID, on: date) -> Terms:
        """Return what holds with a creditor on a day; before the first agreement, what is usual."""
        kept = await repository.terms_on(self._unit.session, creditor_id, on)
        return read_terms(kept.body if kept else {})

    async def agree(self, creditor_id: UUID, effective_from: date, body: Mapping[str, Any]) -> CreditorTerms:
        """Write down what holds from a day on; the first terms may lie in the past, later ones may not."""
        await self.get(creditor_id, lock=True)
        self._check(body)
        versions = await repository.terms(self._unit.session, creditor_id)
        today = in_china(self._unit.now).date()
        in_force = [one.effective_from for one in versions if one.effective_from <= today]
        if in_force and (effective_from < today or effective_from in in_force):
            raise TermsInForce(day=in_force[0])
        terms = next((one for one in versions if one.effective_from == effective_from), None)
        if terms is None:
            terms = CreditorTerms(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                creditor_id=creditor_id,
                effective_from=effective_from,
                body=dict(body),
                version=1,
            )
            self._unit.session.add(terms)
        else:
            terms.body = dict(body)
            terms.version += 1
        await self._unit.session.flush()
        self._unit.remember(
            AuditAction.TERMS_AGREED, ("creditor", creditor_id), effective_from=effective_from.isoformat(), terms=body
        )
        self._unit.announce(TermsAgreed(creditor_id), "creditors")
        return terms

    async def templates(self, creditor_id: UUID) -> Sequence[ColumnTemplate]:
        """Return how a creditor's sheets were read before."""
        await self.get(creditor_id)
        return await repository.templates(self._unit.session, creditor_id)

    def _check(self, body: Mapping[str, Any]) -> None:
        try:
            terms = read_terms(body)
        except ValueError as fault:
            raise TermsUnreadable(detail=str(fault)) from None
        tightened = tighten(contact_rule_pack(), terms.contact_rules, Layer.CREDITOR)
        if isinstance(tightened, RefusedOverrides):
            rules = sorted({one.override.rule_id for one in tightened.loosenings})
            raise TermsLoosenRules(rules=", ".join(rules))


class Products:
    """The products of creditors: each a kind of debt with its own buckets and stages."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def of(self, creditor_id: UUID) -> Sequence[Product]:
        """Return a creditor's products."""
        await Creditors(self._unit).get(creditor_id)
        return await repository.products(self._unit.session, creditor_id)

    async def add(
        self,
        creditor_id: UUID,
        code: str,
        name: str,
        buckets: list[dict[str, Any]] | None = None,
        stages: list[dict[str, Any]] | None = None,
    ) -> Product:
        """Add a product; without tables of its own it has the usual ones."""
        await Creditors(self._unit).get(creditor_id)
        product = Product(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            creditor_id=creditor_id,
            code=code,
            name=name,
            buckets=buckets or default_bucket_rows(),
            stages=stages or default_stage_rows(),
            version=1,
        )
        _check_tables(product.buckets, product.stages)
        async with refused_as(self._unit.session, {"uq_products_creditor_id_code": ProductCodeTaken(given=code)}):
            self._unit.session.add(product)
        self._unit.remember(AuditAction.PRODUCT_ADDED, ("product", product.id), code=code, name=name)
        self._unit.announce(CreditorChanged(creditor_id), "creditors")
        return product

    async def change(self, product_id: UUID, version: int, changes: ProductChanges) -> Product:
        """Change a product; cases keep the bucket they were placed in."""
        product = await repository.product(self._unit.session, product_id)
        if product is None:
            raise NotFound
        product.edit(version)
        buckets, stages = changes.get("buckets", product.buckets), changes.get("stages", product.stages)
        _check_tables(buckets, stages)
        before = {"name": product.name, "buckets": product.buckets, "stages": product.stages}
        product.name, product.buckets, product.stages = changes.get("name", product.name), buckets, stages
        facts = difference(before, {"name": product.name, "buckets": buckets, "stages": stages})
        self._unit.remember(AuditAction.PRODUCT_CHANGED, ("product", product_id), **facts)
        self._unit.announce(CreditorChanged(product.creditor_id), "creditors")
        return product


def _check_tables(buckets: list[dict[str, Any]], stages: list[dict[str, Any]]) -> None:
    try:
        read_buckets(buckets)
        read_stages(stages)
    except ValueError as fault:
        raise TableUnreadable(detail=str(fault)) from None


def _facts(creditor: Creditor) -> dict[str, Any]:
    return {"name": creditor.name, "kind": creditor.kind, "state": creditor.state}
