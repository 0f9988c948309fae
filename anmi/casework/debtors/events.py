"""What happens to the numbers of debtors."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class PhoneAdded(Event):
    """A debtor can be reached under one number more."""

    debtor_id: UUID
    phone_id: UUID


@dataclass(frozen=True, slots=True)
class NumberSuppressed(Event):
    """A number is never dialed again, whoever it belongs to."""

    suppressed_id: UUID
