"""People as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from anmi.core.permissions import Scope
from anmi.identity.people.service import AccountState, GrantAsked, PersonChanges, WorkFacts
from anmi.kit.fields import Asked, EmployeeNumber, Line, Reason, Seen

MOST_GRANTS = 50


class UnitNamed(Seen):
    """A unit, named."""

    id: UUID
    name: str


class RoleNamed(Seen):
    """A role, named."""

    code: str
    name_zh: str
    name_en: str


class GrantSeen(Seen):
    """A role, and how far from which unit."""

    role: RoleNamed
    scope: Scope
    unit: UnitNamed


class PersonSeen(Seen):
    """Somebody at work here; `grants` are told of a single person, not in lists."""

    id: UUID
    employee_no: str
    name: str
    phone_masked: str
    unit: UnitNamed
    roles: list[RoleNamed]
    grants: list[GrantSeen] | None
    state: AccountState
    locked_until: datetime | None
    totp_enrolled: bool
    must_change_password: bool
    created_at: datetime
    last_seen_at: datetime | None
    training_valid_until: date | None
    skills: list[str]
    level: int
    regions: list[str]
    version: int


class PersonWithPassword(BaseModel):
    """Somebody and her initial password, which nobody will be shown again."""

    person: PersonSeen
    initial_password: str


class GrantToGive(Asked):
    """A role to be given; without a unit it reaches from the person's own."""

    role: Line
    scope: Scope
    unit_id: UUID | None = None

    def asked(self) -> GrantAsked:
        """Return it in the service's words."""
        return GrantAsked(self.role, self.scope, self.unit_id)


Grants = Annotated[list[GrantToGive], Field(max_length=MOST_GRANTS)]


SkillCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Skills = Annotated[frozenset[SkillCode], Field(max_length=50)]
Regions = Annotated[frozenset[Line], Field(max_length=40)]
Level = Annotated[int, Field(ge=0, le=100)]


class PersonToAdd(Asked):
    """An account to be made."""

    employee_no: EmployeeNumber
    name: Line
    phone: Line
    unit_id: UUID
    grants: Grants = Field(default_factory=list[GrantToGive])
    training_valid_until: date | None = None
    skills: Skills = frozenset()
    level: Level = 0
    regions: Regions = frozenset()

    def facts(self) -> WorkFacts:
        """Return what work may be given to her."""
        return WorkFacts(self.training_valid_until, self.skills, self.level, self.regions)


class PersonChange(Asked):
    """An edit of what was read as `version`; fields that are left out stay."""

    version: int
    name: Line | None = None
    phone: Line | None = None
    unit_id: UUID | None = None
    training_valid_until: date | None = None
    skills: Skills | None = None
    level: Level | None = None
    regions: Regions | None = None

    def changes(self) -> PersonChanges:
        """Return the fields the edit touches; only the end of the training can be emptied."""
        changes: PersonChanges = {}
        if self.name is not None:
            changes["name"] = self.name
        if self.phone is not None:
            changes["phone"] = self.phone
        if self.unit_id is not None:
            changes["unit_id"] = self.unit_id
        if "training_valid_until" in self.model_fields_set:
            changes["training_valid_until"] = self.training_valid_until
        if self.skills is not None:
            changes["skills"] = self.skills
        if self.level is not None:
            changes["level"] = self.level
        if self.regions is not None:
            changes["regions"] = self.regions
        return changes


class GrantsChange(Asked):
    """All that somebody is to hold from now on."""

    version: int
    grants: Grants


class Reveal(Asked):
    """Which masked field, and why."""

    field: Literal["phone"]
    reason: Reason


class Revealed(BaseModel):
    """The field as it is."""

    value: str
