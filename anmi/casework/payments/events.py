"""What happens to payments."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class PaymentClaimed(Event):
    """Somebody says that money was paid."""

    payment_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentPosted(Event):
    """Money came in and is booked on the accounts of a case."""

    payment_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentRejected(Event):
    """Money that was claimed did not come."""

    payment_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentReversed(Event):
    """Money that was booked was none; the debt is as it was."""

    payment_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class StatementReconciled(Event):
    """Every line of a statement is matched, or left to a human."""

    statement_id: UUID
