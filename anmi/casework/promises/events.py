"""What happens to promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class PromiseTaken(Event):
    """A debtor said what she would pay, and by when."""

    promise_id: UUID
    case_id: UUID
    amount_fen: int
    due_on: date


@dataclass(frozen=True, slots=True)
class PromiseKept(Event):
    """What was promised has come."""

    promise_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PromisePartlyKept(Event):
    """Some of what was promised has come in its time, and not enough."""

    promise_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PromiseBroken(Event):
    """Nothing of what was promised has come in its time."""

    promise_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PromiseCancelled(Event):
    """A promise was taken back before its time."""

    promise_id: UUID
    case_id: UUID
