"""Creditors, terms and products as HTTP sees them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from anmi.casework.creditors.service import CreditorChanges, CreditorState, ProductChanges
from anmi.core.balance import Component
from anmi.core.commission import StepMode
from anmi.core.concessions import Kind
from anmi.core.payment_allocation import read_order
from anmi.core.rate_regime import CreditorType
from anmi.kit.fields import Asked, Line, Seen

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Yuan = Annotated[str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,2})?$")]
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,9})?|1(\.0{1,9})?)$")]
"""A share between nothing and all, written as text so that it stays exact."""
Row = Annotated[dict[str, Any], Field(max_length=20)]


def _names_every_component_once(order: list[Component]) -> list[Component]:
    return list(read_order(order))


class CommissionStep(Asked):
    """From this amount on, this rate."""

    start: Yuan = Field(alias="from")
    rate: Share


class CommissionRow(Asked):
    """The rates of one bucket and tier; none stands for any."""

    bucket: Line | None = None
    placement_tier: int | None = Field(default=None, ge=1, le=20)
    mode: StepMode
    steps: list[CommissionStep] = Field(min_length=1, max_length=50)


class ConcessionTerms(Asked):
    """Which relief is allowed, and how far it is left to us."""

    kinds: list[Kind] | None = None
    delegated: dict[Kind, Share] | None = None
    principal_is_ours: bool | None = None
    most_instalments: int | None = Field(default=None, ge=1, le=60)
    valid_days: int | None = Field(default=None, ge=1, le=365)
    plan_grace_days: int | None = Field(default=None, ge=0, le=30)


class PromiseTolerance(Asked):
    """What is forgiven of a promise."""

    days: int | None = Field(default=None, ge=0, le=30)
    share: Share | None = None
    claim_days: int | None = Field(default=None, ge=0, le=60)


class TermsBody(Asked):
    """What was agreed; parts that are left out hold as the law and the house have them."""

    commission: list[CommissionRow] | None = Field(default=None, max_length=200)
    allocation_order: Annotated[list[Component], AfterValidator(_names_every_component_once)] | None = None
    concessions: ConcessionTerms | None = None
    promise: PromiseTolerance | None = None
    contact_rules: list[Row] | None = Field(default=None, max_length=100)
    keep_for_months: int | None = Field(default=None, ge=1, le=600)
    return_within_days: int | None = Field(default=None, ge=0, le=3650)

    def kept(self) -> dict[str, Any]:
        """Return the body as it is kept: only what was said."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class TermsToAgree(Asked):
    """Terms and the day they come into force."""

    effective_from: date
    body: TermsBody


class TermsSeen(Seen):
    """One version of the terms."""

    id: UUID
    effective_from: date
    body: dict[str, Any]
    version: int


class CreditorSeen(Seen):
    """A creditor."""

    id: UUID
    code: str
    name: str
    kind: CreditorType
    state: CreditorState
    version: int


class CreditorToAdd(Asked):
    """A creditor to be taken on."""

    code: Code
    name: Line
    kind: CreditorType


class CreditorChange(Asked):
    """An edit of what was read as `version`."""

    version: int
    name: Line | None = None
    kind: CreditorType | None = None
    state: CreditorState | None = None

    def changes(self) -> CreditorChanges:
        """Return the fields the edit touches."""
        changes: CreditorChanges = {}
        if self.name is not None:
            changes["name"] = self.name
        if self.kind is not None:
            changes["kind"] = self.kind
        if self.state is not None:
            changes["state"] = self.state
        return changes


class ProductSeen(Seen):
    """A product with its tables."""

    id: UUID
    creditor_id: UUID
    code: str
    name: str
    buckets: list[dict[str, Any]]
    stages: list[dict[str, Any]]
    version: int


class ProductToAdd(Asked):
    """A product; without tables it has the usual ones."""

    code: Code
    name: Line
    buckets: list[Row] | None = Field(default=None, max_length=30)
    stages: list[Row] | None = Field(default=None, max_length=30)


class ProductChange(Asked):
    """An edit of what was read as `version`."""

    version: int
    name: Line | None = None
    buckets: list[Row] | None = Field(default=None, max_length=30)
    stages: list[Row] | None = Field(default=None, max_length=30)

    def changes(self) -> ProductChanges:
        """Return the fields the edit touches."""
        changes: ProductChanges = {}
        if self.name is not None:
            changes["name"] = self.name
        if self.buckets is not None:
            changes["buckets"] = self.buckets
        if self.stages is not None:
            changes["stages"] = self.stages
        return changes


class TemplateSeen(Seen):
    """How a sheet of the creditor was read before."""

    id: UUID
    name: str
    body: dict[str, Any]
