"""What happens to the agencies of an installation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class TenantCreated(Event):
    """A new agency has its root unit and its three administrators."""

    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class TenantSuspended(Event):
    """Nobody of an agency may work for now; all its sessions have ended."""

    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class TenantResumed(Event):
    """An agency may work again."""

    tenant_id: UUID
