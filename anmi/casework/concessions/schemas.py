"""Concessions and payment plans as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from anmi.casework.concessions.service import ConcessionFilter, Proposed
from anmi.core.balance import Component
from anmi.core.concession_proposals import Wish
from anmi.core.concessions import Kind, State
from anmi.core.money import Money
from anmi.kit.fields import Asked, Reason, Seen

Fen = Annotated[int, Field(gt=0, le=10**15)]
Share = Annotated[str, StringConstraints(pattern=r"^(0(\.\d{1,9})?|1(\.0{1,9})?)$")]
"""A share between nothing and all, written as text so that it stays exact."""
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]


class Wished(Asked):
    """What somebody wishes; see `anmi.core.concession_proposals.Wish`."""

    kind: Kind
    components: dict[Component, Share] = Field(default_factory=dict[Component, Share])
    to_pay_fen: Fen | None = None
    instalments: int = Field(default=1, ge=1, le=60)
    first_on: date | None = None
    down_payment_fen: int = Field(default=0, ge=0, le=10**15)

    def wish(self) -> Wish:
        """Return it in the rule book's words."""
        return Wish(
            self.kind,
            {component: Fraction(share) for component, share in self.components.items()},
            Money(self.to_pay_fen) if self.to_pay_fen is not None else None,
            self.instalments,
            self.first_on,
            Money(self.down_payment_fen),
        )


class WishOfCase(Wished):
    """What is wished for a case."""

    case_id: UUID


class ConcessionToAsk(WishOfCase):
    """Relief to be asked for."""

    reason: Reason
    valid_until: date | None = None


class InstallmentProposed(BaseModel):
    """One payment, as it would be agreed."""

    number: int
    due_on: date
    amount_fen: int


class ProposalSeen(BaseModel):
    """What a wish comes to, to the fen, and who would sign it."""

    owed: dict[Component, int]
    pays: dict[Component, int]
    waives: dict[Component, int]
    owed_fen: int
    payable_fen: int
    waived_fen: int
    installments: list[InstallmentProposed]
    roles: list[str]
    creditor_decides: bool

    @classmethod
    def of(cls, proposed: Proposed) -> Self:
        """Return it as it is shown."""
        offer = proposed.offer
        planned = proposed.plan.instalments if proposed.plan else ()
        return cls(
            owed={part: proposed.owed[part].fen for part in Component},
            pays={part: offer.pays[part].fen for part in Component},
            waives={part: offer.waives[part].fen for part in Component},
            owed_fen=proposed.owed.total.fen,
            payable_fen=offer.pays.total.fen,
            waived_fen=offer.waives.total.fen,
            installments=[
                InstallmentProposed(number=one.number, due_on=one.due_on, amount_fen=one.amount.fen) for one in planned
            ],
            roles=list(proposed.path.roles),
            creditor_decides=proposed.path.creditor_decides,
        )


class StepSeen(Seen):
    """One step of an approval."""

    at: datetime
    by: UUID | None
    by_name: str | None
    before: State
    after: State
    note: str


class InstallmentSeen(Seen):
    """One payment of a plan."""

    number: int
    due_on: date
    amount_fen: int
    received_fen: int
    state: str


class ConcessionSeen(Seen):
    """A concession; only while it `is_quotable` may anybody speak of it to the debtor."""

    id: UUID
    case_id: UUID
    serial_no: str
    creditor_name: str
    debtor_name_masked: str
    kind: Kind
    state: State
    payable_fen: int
    waived_fen: int
    owed: dict[Component, int]
    pays: dict[Component, int]
    waives: dict[Component, int]
    installments: list[InstallmentSeen]
    reason: str
    asked_by: UUID | None
    asked_by_name: str | None
    asked_at: datetime
    valid_until: date | None
    is_quotable: bool
    roles: list[str]
    creditor_decides: bool
    next_role: str | None
    may_decide: bool
    version: int
    steps: list[StepSeen] | None


class Waiting(BaseModel):
    """How many wait for the caller to decide."""

    count: int


class Decision(Asked):
    """A decision on what was read as `version`."""

    version: int
    note: Note = ""


class CreditorAnswer(Asked):
    """What the creditor answered: the sum that settles the matter, or nothing for a refusal."""

    version: int
    approved_fen: Fen | None = None
    valid_until: date | None = None
    answer: Note = ""

    def approved(self) -> Money | None:
        """Return the sum as money."""
        return Money(self.approved_fen) if self.approved_fen is not None else None


class ConcessionQuery(BaseModel):
    """Which concessions a list shows."""

    case_id: UUID | None = None
    state: list[State] = Field(default_factory=list[State])
    kind: list[Kind] = Field(default_factory=list[Kind])
    asked_by: UUID | None = None
    mine: bool = False

    def wanted(self) -> ConcessionFilter:
        """Return it in the service's words."""
        return ConcessionFilter(self.case_id, frozenset(self.state), frozenset(self.kind), self.asked_by)


class PlanToSign(Asked):
    """Instalments to be agreed: those of a granted concession, named by itself or by its case."""

    concession_id: UUID | None = None
    case_id: UUID | None = None
    signed_on: date
    is_oral: bool = False
    first_on: date | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.concession_id is None) == (self.case_id is None):
            raise ValueError("name the concession or the case")
        return self


class PlanSeen(Seen):
    """An agreement to pay in instalments."""

    id: UUID
    case_id: UUID
    concession_id: UUID | None
    total_fen: int
    received_fen: int
    state: str
    signed_on: date
    is_oral: bool
    installments: list[InstallmentSeen]
    version: int


class Why(Asked):
    """Why."""

    reason: Reason
