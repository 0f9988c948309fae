"""The diary as HTTP sees it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from anmi.casework.activities.service import ActivityFilter, Disposition, NumberSaid, PromiseSaid, Recorded
from anmi.casework.cases.service import MOST_AT_ONCE
from anmi.casework.payments.models import PaymentMethod
from anmi.casework.payments.service import PaymentClaim
from anmi.core.codes import CodeTable, ContactLevel, Follow
from anmi.core.codes import Field as DemandedField
from anmi.core.contact_rules.facts import Relation
from anmi.core.money import Money
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.promises import PromiseState
from anmi.kit.fields import Asked, Line, Reason, Seen

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,19}$")]
Fen = Annotated[int, Field(gt=0, le=10**15)]


class ActivityQuery(BaseModel):
    """Which entries a list shows."""

    case_id: UUID | None = None
    by: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def wanted(self) -> ActivityFilter:
        """Return it in the service's words."""
        return ActivityFilter(self.case_id, self.by, self.since, self.until)


class PromiseSaidAsked(Asked):
    """What the debtor promised."""

    amount_fen: Fen
    due_on: date


class ClaimSaid(Asked):
    """Money the debtor says she has paid."""

    amount_fen: Fen
    paid_on: date
    method: PaymentMethod = PaymentMethod.OTHER


class NumberSaidAsked(Asked):
    """A new number the debtor gave."""

    number: Line
    relation: Relation = Relation.DEBTOR
    source: ContactSource = ContactSource.DEBTOR_CONSENT


class ActivityFacts(Asked):
    """What was done and what came of it."""

    action_code: Code
    result_code: Code
    note: Note = ""
    next_action_at: AwareDatetime | None = None


class ActivityToRecord(ActivityFacts):
    """An entry of the diary; `/codes` says which fields a result demands."""

    case_id: UUID
    phone_id: UUID | None = None
    attempt_id: UUID | None = None
    promise: PromiseSaidAsked | None = None
    claim: ClaimSaid | None = None
    dispute_reason: Reason | None = None
    new_number: NumberSaidAsked | None = None

    def disposition(self) -> Disposition:
        """Return it in the service's words."""
        promise, claim, number = self.promise, self.claim, self.new_number
        return Disposition(
            action_code=self.action_code,
            result_code=self.result_code,
            note=self.note,
            phone_id=self.phone_id,
            attempt_id=self.attempt_id,
            next_action_at=self.next_action_at,
            promise=PromiseSaid(Money(promise.amount_fen), promise.due_on) if promise else None,
            claim=PaymentClaim(Money(claim.amount_fen), claim.paid_on, claim.method) if claim else None,
            dispute_reason=self.dispute_reason,
            new_number=NumberSaid(number.number, number.relation, number.source) if number else None,
        )


class ActivitiesToRecord(ActivityFacts):
    """One entry for many cases."""

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]

    def disposition(self) -> Disposition:
        """Return it in the service's words."""
        return Disposition(
            action_code=self.action_code,
            result_code=self.result_code,
            note=self.note,
            next_action_at=self.next_action_at,
        )


class Correction(Asked):
    """What was wrong in an entry."""

    note: Annotated[Note, StringConstraints(min_length=2)]
    result_code: Code | None = None


class ActivitySeen(Seen):
    """An entry of the diary."""

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
    corrects: UUID | None


class PromiseTakenWith(Seen):
    """The promise that was taken with an entry."""

    id: UUID
    amount_fen: int
    due_on: date
    state: PromiseState


class RecordedSeen(BaseModel):
    """An entry, and the promise that was taken with it."""

    activity: ActivitySeen
    promise: PromiseTakenWith | None

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        """Say it as HTTP does."""
        promise = recorded.promise
        return cls(
            activity=ActivitySeen.model_validate(recorded.activity),
            promise=PromiseTakenWith.model_validate(promise) if promise else None,
        )


class ActionCodeSeen(Seen):
    """What can be done."""

    code: str
    zh: str
    en: str


class ResultCodeSeen(ActionCodeSeen):
    """How it can end: after whom it may be chosen, what it demands, and what follows."""

    levels: list[ContactLevel]
    required: list[DemandedField]
    follows: list[Follow]
    may_be_chosen: bool


class CodeTableSeen(BaseModel):
    """The codes of the diary, in the order of the table."""

    version: str
    actions: list[ActionCodeSeen]
    results: list[ResultCodeSeen]

    @classmethod
    def of(cls, table: CodeTable) -> Self:
        """Say it as HTTP does."""
        return cls(
            version=table.version,
            actions=[ActionCodeSeen.model_validate(action) for action in table.actions.values()],
            results=[
                ResultCodeSeen(
                    code=result.code,
                    zh=result.zh,
                    en=result.en,
                    levels=sorted(result.levels),
                    required=[field for field in DemandedField if field in result.required],
                    follows=sorted(result.follows),
                    may_be_chosen=result.may_be_chosen,
                )
                for result in table.results.values()
            ],
        )


class TemplateToKeep(Asked):
    """A form of words for notes of one result."""

    result_code: Code
    text: Annotated[Note, StringConstraints(min_length=1)]


class TemplatesToKeep(Asked):
    """All the forms of words there are."""

    templates: Annotated[list[TemplateToKeep], Field(max_length=500)]


class TemplateSeen(Seen):
    """A form of words for notes."""

    id: UUID
    result_code: str
    text: str
