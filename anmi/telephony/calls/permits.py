"""What the owner of a call asks of the floor above, which alone knows what a call is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from anmi.core.ports.switch import Arrived, ToNumber
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.keeping import CallFacts


@dataclass(frozen=True, slots=True)
class Permitted:
    """The debtor may be dialled, there."""

    address: ToNumber


@dataclass(frozen=True, slots=True)
class Refused:
    """The debtor may not be dialled, and why."""

    rule_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who calls us, if anybody is known under the number, and who of us would like to answer."""

    number_masked: str
    number_index: bytes | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    point_id: UUID | None = None
    unit_id: UUID | None = None
    agent_id: UUID | None = None


class Permits(Protocol):
    """Permission to dial, and recognition of who calls. Each runs in the unit of work that writes the answer down."""

    async def permit(self, unit: UnitOfWork, call: CallFacts) -> Permitted | Refused:
        """Say whether the party of a call may be dialled now; if so, the number is opened for the engine alone."""
        ...

    async def reach_mobile(self, unit: UnitOfWork, call_id: UUID, digits: str) -> ToNumber:
        """Return the way to an agent's own mobile for a call, under a number of the house."""
        ...

    async def tenant_of(self, arrived: Arrived) -> UUID | None:
        """Return the agency a call has come to, by the line it came over and the number it asked for."""
        ...

    async def recognise(self, unit: UnitOfWork, arrived: Arrived) -> Recognised:
        """Say who calls."""
        ...
