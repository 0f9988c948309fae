"""What is asked of cases over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from anmi.casework.cases.lists import CaseList
from anmi.casework.cases.service import MOST_AT_ONCE, CaseFilter, CaseReach
from anmi.casework.debtors.service import PersonalField, PhoneChanges
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.kit.fields import Asked, Line, Reason, Search

PhoneKind = Literal["mobile", "home", "work"]
Fen = Annotated[int, Field(ge=0, le=10**15)]
Days = Annotated[int, Field(ge=0, le=36_500)]


class PhoneToAdd(Asked):
    """A number to be written down, with the lawful way it came to us."""

    number: Line
    relation: Relation
    source: ContactSource
    kind: PhoneKind | None = None
    name: Line | None = None
    relation_text: Line | None = None


class PhoneChange(Asked):
    """What is now known of a number; fields that are left out stay. Stops and suppressions are only ever added."""

    state: NumberState | None = None
    is_right_party: bool | None = None
    relation: Relation | None = None
    relation_text: Line | None = None
    name: Line | None = None
    asked_to_stop: Literal[True] | None = None
    suppress: Reason | None = None

    def changes(self) -> PhoneChanges:
        """Return the fields the edit touches."""
        changes: PhoneChanges = {}
        if self.state is not None:
            changes["state"] = self.state
        if "is_right_party" in self.model_fields_set:
            changes["is_right_party"] = self.is_right_party
        if self.relation is not None:
            changes["relation"] = self.relation
        if "relation_text" in self.model_fields_set:
            changes["relation_text"] = self.relation_text
        if "name" in self.model_fields_set:
            changes["name"] = self.name
        return changes


class RevealOfCase(Asked):
    """Which masked field, and why; a phone, a contact's name and an address say which one."""

    field: PersonalField
    phone_id: UUID | None = None
    address_id: UUID | None = None
    reason: Reason


class ReasonOfStep(Asked):
    """The reason of a step."""

    reason: Reason


class Retention(Asked):
    """Leave to keep a case longer."""

    until: date
    reason: Reason


class StageChange(Asked):
    """A move to another stage."""

    stage: Line
    reason: Reason


class NextAction(Asked):
    """When a case is to be looked at again; None for no day."""

    next_action_at: AwareDatetime | None


class FilterQuery(BaseModel):
    """The filter of a list, as an address says it."""

    q: Search | None = None
    todo: CaseList | None = Field(None, alias="list")
    states: frozenset[State] = Field(frozenset(), alias="state")
    buckets: frozenset[Line] = Field(frozenset(), alias="bucket")
    stages: frozenset[Line] = Field(frozenset(), alias="stage")
    creditor_ids: frozenset[UUID] = Field(frozenset(), alias="creditor_id")
    placement_ids: frozenset[UUID] = Field(frozenset(), alias="placement_id")
    product_ids: frozenset[UUID] = Field(frozenset(), alias="product_id")
    holder_id: UUID | None = None
    unit_id: UUID | None = None
    pool: bool | None = None
    reach: CaseReach | None = None
    hold: bool | None = None
    special: bool | None = None
    owing_from: Fen | None = None
    owing_to: Fen | None = None
    dpd_from: Days | None = None
    dpd_to: Days | None = None
    next_action_before: AwareDatetime | None = None
    last_results: frozenset[Line] = Field(frozenset(), alias="last_result")
    no_activity_days: Days | None = None

    def wanted(self) -> CaseFilter:
        """Return it in the service's words."""
        return CaseFilter(**{name: getattr(self, name) for name in type(self).model_fields})

    def remembered(self) -> dict[str, Any]:
        """Return it as the log may keep it: what was sought can be a name or a number."""
        said = self.model_dump(mode="json", exclude_defaults=True)
        return said | ({"q": "***"} if "q" in said else {})


class FilterAsked(FilterQuery, Asked):
    """The filter of a list, as a body says it."""


class BulkAsked(Asked):
    """One thing to be done to many cases: some by their ids, or all that a filter shows.

    Activities and hands have requests of their own.
    """

    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)] | None = None
    filter: FilterAsked | None = None
    action: Literal["return", "retain", "legal", "stage", "next_action"]
    reason: Reason | None = None
    until: date | None = None
    stage: Line | None = None
    next_action_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.case_ids is None) == (self.filter is None):
            raise ValueError("either case_ids or a filter")
        needs = {"return": ["reason"], "retain": ["reason", "until"], "legal": ["reason"], "stage": ["reason", "stage"]}
        missing = [name for name in needs.get(self.action, []) if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.action} needs {', '.join(missing)}")
        return self


class ViewToSave(Asked):
    """A view to be kept: `body` is the page's own affair."""

    name: Line
    body: dict[str, Any]


class ViewChange(ViewToSave):
    """An edit of what was read as `version`."""

    version: int
