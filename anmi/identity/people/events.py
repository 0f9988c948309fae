"""What happens to the people of an agency."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """Somebody has an account."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """Somebody's name, phone, unit or training is another one."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonDisabled(Event):
    """Somebody has left, or may not come in for now; her sessions have ended."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonEnabled(Event):
    """Somebody may come in again."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonUnlocked(Event):
    """Failed attempts to come in as this person are forgiven."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PasswordReset(Event):
    """Somebody has an initial password again; her sessions have ended."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class SecondFactorReset(Event):
    """Somebody's second factor is gone, to be enrolled anew; her sessions have ended."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class GrantsChanged(Event):
    """Somebody holds other roles, or the same ones further or less far."""

    person_id: UUID
