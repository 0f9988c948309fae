"""Promises as HTTP sees them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from anmi.casework.promises.service import PromiseFilter, PromiseView
from anmi.core.promises import PromiseState
from anmi.kit.fields import Asked, Reason, Seen

PromisedFen = Annotated[int, Field(gt=0, le=10**15)]


class PromiseQuery(BaseModel):
    """Which promises a list shows."""

    states: frozenset[PromiseState] = Field(frozenset(), alias="state")
    due_from: date | None = None
    due_to: date | None = None
    case_id: UUID | None = None
    holder_id: UUID | None = None

    def wanted(self) -> PromiseFilter:
        """Return it in the service's words."""
        return PromiseFilter(self.states, self.due_from, self.due_to, self.case_id, self.holder_id)


class PromiseAsked(Asked):
    """What a debtor promises: a sum in fen and a day."""

    amount_fen: PromisedFen
    due_on: date


class PromiseToTake(PromiseAsked):
    """A promise on a case."""

    case_id: UUID


class Cancellation(Asked):
    """Why a promise is taken back."""

    reason: Reason


class PromiseSeen(Seen):
    """A promise."""

    id: UUID
    case_id: UUID
    amount_fen: int
    due_on: date
    state: PromiseState
    received_fen: int
    taken_at: datetime
    taken_by: UUID | None
    ended_at: datetime | None
    version: int


class PromiseOfCase(PromiseSeen):
    """A promise in a list."""

    serial_no: str
    debtor_name: str
    holder_id: UUID | None

    @classmethod
    def of(cls, view: PromiseView) -> Self:
        """Say a view as HTTP does."""
        promise = PromiseSeen.model_validate(view.promise)
        return cls(
            **promise.model_dump(),
            serial_no=view.serial_no,
            debtor_name=view.debtor_name,
            holder_id=view.holder_id,
        )
