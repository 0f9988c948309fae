"""What happens to creditors and what was agreed with them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class CreditorAdded(Event):
    """A creditor may give us placements."""

    creditor_id: UUID


@dataclass(frozen=True, slots=True)
class CreditorChanged(Event):
    """A creditor, or one of its products, is described anew."""

    creditor_id: UUID


@dataclass(frozen=True, slots=True)
class TermsAgreed(Event):
    """Something else holds with a creditor from a day on."""

    creditor_id: UUID
