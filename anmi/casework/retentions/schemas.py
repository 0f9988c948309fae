"""Requests to keep cases as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import Row

from anmi.casework.retentions.service import RetentionFilter, RetentionState
from anmi.kit.fields import Asked, Reason, Seen


class RetentionQuery(BaseModel):
    """Which requests a list shows."""

    states: frozenset[RetentionState] = Field(frozenset(), alias="state")
    placement_id: UUID | None = None
    case_id: UUID | None = None

    def wanted(self) -> RetentionFilter:
        """Return it in the service's words."""
        return RetentionFilter(frozenset(self.states), self.placement_id, self.case_id)


class RetentionToAsk(Asked):
    """What is to stay, until when and why: one case, or all open cases of a placement."""

    placement_id: UUID | None = None
    case_id: UUID | None = None
    until: date
    reason: Reason

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.placement_id is None) == (self.case_id is None):
            raise ValueError("either placement_id or case_id")
        return self


class RetentionAnswer(Asked):
    """What the creditor answered to what was read as `version`; without `until` it refused."""

    version: int
    until: date | None = None
    note: Reason


class RetentionWithdrawal(Asked):
    """What was read as `version`."""

    version: int


class RetentionSeen(Seen):
    """A request and its answer."""

    id: UUID
    placement_id: UUID
    placement_code: str
    case_id: UUID | None
    serial_no: str | None
    state: RetentionState
    wanted_until: date
    reason: str
    asked_at: datetime
    asked_by: UUID | None
    granted_until: date | None
    answer: str | None
    answered_at: datetime | None
    answered_by: UUID | None
    version: int

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Show a request."""
        request = row.RetentionRequest
        facts = {name: getattr(request, name, None) for name in cls.model_fields}
        return cls.model_validate(facts | {"placement_code": row.code, "serial_no": row.serial_no})
