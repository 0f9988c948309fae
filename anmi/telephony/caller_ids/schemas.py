"""Caller ids as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Self, cast
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from anmi.kit.fields import Asked, Line, Reason, Seen
from anmi.telephony.caller_ids.service import (
    CallerIdChanges,
    CallerIdState,
    CallerIdView,
    Imported,
)
from anmi.telephony.caller_ids.sheet import (
    COMPLAINT_CEILING,
    COOL_DOWN_SECONDS,
    DAILY_CEILING,
    NUMBER,
    WRONG_WORDS,
    Column,
    Wrong,
)

Number = Annotated[str, StringConstraints(pattern=NUMBER)]
Ceiling = Annotated[int, Field(ge=0, le=100_000)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
PlaceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=30)]

_EMPTIED: Final = frozenset({"unit_id", "leased_until", "city", "province"})


class CallerIdToAdd(Asked):
    """A leased number; without a place it is taken from the number itself, or holds for the whole country."""

    number: Number
    city: PlaceName | None = None
    province: PlaceName | None = None
    trunk_id: UUID
    unit_id: UUID | None = None
    licence: Line
    leased_until: date | None = None
    daily_ceiling: Ceiling = DAILY_CEILING
    cool_down_seconds: Seconds = COOL_DOWN_SECONDS
    complaint_ceiling: Annotated[int, Field(ge=1, le=1000)] = COMPLAINT_CEILING

    def facts(self) -> CallerIdChanges:
        """Return the fields as the service takes them."""
        return cast("CallerIdChanges", self.model_dump())


class Edit(Asked):
    """An edit of what was read as `version`."""

    version: int


class CallerIdChange(Edit):
    """What is to be changed of a number; a unit, an end of the lease and a place can be taken away by null."""

    city: PlaceName | None = None
    province: PlaceName | None = None
    trunk_id: UUID | None = None
    unit_id: UUID | None = None
    licence: Line | None = None
    leased_until: date | None = None
    daily_ceiling: Ceiling | None = None
    cool_down_seconds: Seconds | None = None
    complaint_ceiling: Annotated[int, Field(ge=1, le=1000)] | None = None

    def changes(self) -> CallerIdChanges:
        """Return the fields that were sent."""
        sent = self.model_dump(exclude_unset=True, exclude={"version"})
        kept = {name: value for name, value in sent.items() if value is not None or name in _EMPTIED}
        return cast("CallerIdChanges", kept)


class Rest(Edit):
    """How long a number is not shown; without an end, until it is taken up again."""

    until: AwareDatetime | None = None
    reason: Reason


class TakenUp(Edit):
    """Why a number is shown again."""

    reason: Reason


class ComplaintAbout(Asked):
    """What was complained of."""

    reason: Reason


class CallerIdFacts(Seen):
    """What is written of a number."""

    id: UUID
    number: str
    city: str | None
    province: str | None
    trunk_id: UUID
    unit_id: UUID | None
    licence: str
    leased_until: date | None
    daily_ceiling: int
    cool_down_seconds: int
    complaints: int
    complaint_ceiling: int
    state: CallerIdState
    rests_until: datetime | None
    last_shown_at: datetime | None
    version: int


class CallerIdSeen(CallerIdFacts):
    """A number and how often it was shown today."""

    shown_today: int

    @classmethod
    def of(cls, view: CallerIdView) -> Self:
        """Say a view as HTTP does."""
        return cls(**CallerIdFacts.model_validate(view.row).model_dump(), shown_today=view.shown_today)


class FindingSeen(BaseModel):
    """What is wrong with a cell of a list."""

    row: int
    column: Column
    code: Wrong
    zh: str
    en: str


class ImportedSeen(BaseModel):
    """What came of a list."""

    added: int
    findings: list[FindingSeen]

    @classmethod
    def of(cls, imported: Imported) -> Self:
        """Say it as HTTP does."""
        findings = [
            FindingSeen(
                row=each.row,
                column=each.column,
                code=each.wrong,
                zh=WRONG_WORDS[each.wrong].zh,
                en=WRONG_WORDS[each.wrong].en,
            )
            for each in imported.findings
        ]
        return cls(added=imported.added, findings=findings)
