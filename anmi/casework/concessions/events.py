"""What happens to concessions and payment plans."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class ConcessionAsked(Event):
    """Relief is asked for; somebody has to decide."""

    concession_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class ConcessionMoved(Event):
    """A concession stands elsewhere: signed, granted, rejected, accepted, paid, expired or broken."""

    concession_id: UUID
    case_id: UUID
    after: str


@dataclass(frozen=True, slots=True)
class PlanSigned(Event):
    """A debtor pays in instalments; collection stops while she does."""

    plan_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True)
class PlanBreached(Event):
    """Instalments did not come; collection goes on."""

    plan_id: UUID
    case_id: UUID
