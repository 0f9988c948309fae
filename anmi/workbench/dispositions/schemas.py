"""Dispositions as HTTP sees them. The entry is said as `POST /casework/activities` says it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from anmi.casework.activities.service import Disposition, NumberSaid, PromiseSaid
from anmi.casework.payments.models import PaymentMethod
from anmi.casework.payments.service import PaymentClaim
from anmi.core.contact_rules.facts import Outcome, Relation
from anmi.core.money import Money
from anmi.core.number_state import NumberState
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.promises import PromiseState
from anmi.kit.fields import Asked, Line, Reason, Seen
from anmi.workbench.dispositions.service import Disposed, Told

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,19}$")]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]
Fen = Annotated[int, Field(gt=0, le=10**15)]


class PromiseOfContact(Asked):
    """What the debtor promised."""

    amount_fen: Fen
    due_on: date


class ClaimOfContact(Asked):
    """Money the debtor says she has paid."""

    amount_fen: Fen
    paid_on: date
    method: PaymentMethod = PaymentMethod.OTHER


class NumberOfContact(Asked):
    """A new number the debtor gave."""

    number: Line
    relation: Relation = Relation.DEBTOR
    source: ContactSource = ContactSource.DEBTOR_CONSENT


class EntryOfContact(Asked):
    """The entry in the diary; without `phone_id` it is the contact's own."""

    case_id: UUID
    action_code: Code
    result_code: Code
    note: Note = ""
    phone_id: UUID | None = None
    attempt_id: UUID | None = None
    next_action_at: AwareDatetime | None = None
    promise: PromiseOfContact | None = None
    claim: ClaimOfContact | None = None
    dispute_reason: Reason | None = None
    new_number: NumberOfContact | None = None


class DispositionToMake(Asked):
    """What became of a contact, and the entry. `attempt_id` may be left out where nobody was asked at the gate."""

    attempt_id: UUID | None = None
    call_id: UUID | None = None
    outcome: Literal[Outcome.EFFECTIVE, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.UNANSWERED] | None = None
    number_state: NumberState | None = None
    activity: EntryOfContact

    def told(self) -> Told:
        """Return it in the service's words."""
        said = self.activity
        promise, claim, number = said.promise, said.claim, said.new_number
        entry = Disposition(
            action_code=said.action_code,
            result_code=said.result_code,
            note=said.note,
            phone_id=said.phone_id,
            attempt_id=self.attempt_id or said.attempt_id,
            call_id=self.call_id,
            next_action_at=said.next_action_at,
            promise=PromiseSaid(Money(promise.amount_fen), promise.due_on) if promise else None,
            claim=PaymentClaim(Money(claim.amount_fen), claim.paid_on, claim.method) if claim else None,
            dispute_reason=said.dispute_reason,
            new_number=NumberSaid(number.number, number.relation, number.source) if number else None,
        )
        return Told(said.case_id, entry, self.outcome, self.number_state)


class DispositionEntry(Seen):
    """The entry that was written."""

    id: UUID
    case_id: UUID
    at: datetime
    by: UUID | None
    action_code: str
    result_code: str | None
    phone_id: UUID | None
    attempt_id: UUID | None
    call_id: UUID | None
    note: str
    next_action_at: datetime | None


class PromiseOfEntry(Seen):
    """The promise that was taken with it."""

    id: UUID
    amount_fen: int
    due_on: date
    state: PromiseState


class DispositionSeen(BaseModel):
    """The entry, the promise that was taken with it, and how the contact ended."""

    activity: DispositionEntry
    promise: PromiseOfEntry | None
    outcome: (
        Literal[Outcome.RESERVED, Outcome.EFFECTIVE, Outcome.ANSWERED, Outcome.ABANDONED, Outcome.UNANSWERED] | None
    )

    @classmethod
    def of(cls, disposed: Disposed) -> Self:
        """Say it as HTTP does."""
        promise = disposed.recorded.promise
        return cls(
            activity=DispositionEntry.model_validate(disposed.recorded.activity),
            promise=PromiseOfEntry.model_validate(promise) if promise else None,
            outcome=disposed.outcome,
        )
