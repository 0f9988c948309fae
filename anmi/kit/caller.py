"""The caller: on whose behalf a unit of work runs, and with which rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from anmi.core.rights import EVERYTHING, Rights


class CallerKind(StrEnum):
    """Who or what stands behind a request or a job."""

    PERSON = "person"
    TOKEN = "token"  # noqa: S105
    SYSTEM = "system"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. A stranger has no tenant; the system works within one tenant, or none."""

    kind: CallerKind
    tenant_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    session_id: UUID | None = None
    token_id: UUID | None = None
    ip: str = ""
    device: str = ""
    rights: Rights = field(default_factory=Rights)
    across_tenants: bool = False
    """May read and write the list of tenants itself, and nothing else of them."""

    @property
    def actor_id(self) -> UUID | None:
        """The person or token that answers for what is done."""
        return self.person_id or self.token_id


def the_system(tenant_id: UUID | None = None, *, across_tenants: bool = False) -> Caller:
    """Return the caller of jobs and commands."""
    return Caller(CallerKind.SYSTEM, tenant_id, rights=EVERYTHING, across_tenants=across_tenants)
