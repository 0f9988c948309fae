"""The account behind a session: how often somebody was wrong, and what follows when it was once too often."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.lockout import Attempts
from anmi.identity.people.models import Person
from anmi.kit.unit_of_work import UnitOfWork


def attempts_of(person: Person) -> Attempts:
    """Return the attempts on somebody's account."""
    return Attempts(person.failed_attempts, person.lockouts, person.locked_until)


def write_attempts(person: Person, attempts: Attempts) -> None:
    """Write down the attempts on somebody's account."""
    person.failed_attempts = attempts.failed
    person.lockouts = attempts.lockouts
    person.locked_until = attempts.locked_until


def remember_lockout(unit: UnitOfWork, person_id: UUID, until: datetime) -> None:
    """Remember that an account was locked, and tell those who look after people."""
    unit.remember(AuditAction.PERSON_LOCKED_OUT, ("person", person_id), until=until)
    unit.tell("people", "PersonLockedOut", person_id=person_id)
