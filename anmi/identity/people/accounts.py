"""Whether somebody can come in: accounts are disabled and enabled, unlocked, and given new credentials.

Whatever takes something away ends the person's sessions in the same transaction, and open pages with them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Permission
from anmi.core.roles import SYSTEM_ADMINISTRATOR
from anmi.identity.people import repository
from anmi.identity.people.events import (
    PasswordReset,
    PersonDisabled,
    PersonEnabled,
    PersonUnlocked,
    SecondFactorReset,
)
from anmi.identity.people.models import FormerPassword, Person, PersonState
from anmi.identity.people.views import PersonView, held, view_of
from anmi.identity.policy.service import policy_of
from anmi.identity.sessions.models import EndReason
from anmi.identity.sessions.service import Sessions
from anmi.kit.errors import Forbidden
from anmi.kit.passwords import hash_password, make_initial_password
from anmi.kit.unit_of_work import UnitOfWork


class OwnAccount(Forbidden):
    """Nobody shuts herself out, nor goes round the proof that it is she."""

    code = "OWN_ACCOUNT"
    zh, en = "不能对自己的账号进行此操作", "Nobody does this to her own account"


class Accounts:
    """The accounts of one agency's people, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def disable(self, person_id: UUID) -> PersonView:
        """Shut somebody out, at once."""
        person = await self._others(person_id)
        if person.state is not PersonState.DISABLED:
            await self._shut_out(person)
        return await self._seen(person_id)

    async def disable_idle(self) -> int:
        """Shut out whoever has not come in for as long as the policy bears; return how many those are.

        GB/T 22239-2019, 8.1.4.2 c: accounts that nobody uses are disabled.
        """
        rules = (await policy_of(self._unit.session)).account
        since = self._unit.now - timedelta(days=rules.idle_days)
        # Somebody must be left who can let the others in again.
        doorkeeper = await repository.last_holder(self._unit.session, SYSTEM_ADMINISTRATOR.code)
        idle = [each for each in await repository.idle_since(self._unit.session, since) if each != doorkeeper]
        for person_id in idle:
            person = await held(self._unit, person_id, Permission.PEOPLE_WRITE)
            await self._shut_out(person, idle_days=rules.idle_days)
        return len(idle)

    async def _shut_out(self, person: Person, **facts: Any) -> None:
        person.state = PersonState.DISABLED
        person.version += 1
        await Sessions(self._unit).end_all(person.id, EndReason.PERSON_DISABLED)
        self._unit.remember(AuditAction.PERSON_DISABLED, ("person", person.id), **facts)
        self._unit.announce(PersonDisabled(person.id), "people")

    async def enable(self, person_id: UUID) -> PersonView:
        """Let somebody come in again, with the password she had."""
        person = await self._others(person_id)
        if person.state is not PersonState.ACTIVE:
            person.state, person.enabled_at = PersonState.ACTIVE, self._unit.now
            person.version += 1
            self._unit.remember(AuditAction.PERSON_ENABLED, ("person", person_id))
            self._unit.announce(PersonEnabled(person_id), "people")
        return await self._seen(person_id)

    async def unlock(self, person_id: UUID) -> PersonView:
        """Forgive failed attempts to come in as this person."""
        person = await self._others(person_id)
        _forgive(person)
        self._unit.remember(AuditAction.PERSON_UNLOCKED, ("person", person_id))
        self._unit.announce(PersonUnlocked(person_id), "people")
        return await self._seen(person_id)

    async def reset_password(self, person_id: UUID) -> tuple[PersonView, str]:
        """Give somebody an initial password, which is shown this once and must be changed."""
        person = await self._others(person_id)
        password, hashed = await self.initial_password()
        self._unit.session.add(
            FormerPassword(
                tenant_id=self._unit.tenant_id,
                person_id=person_id,
                password_hash=person.password_hash,
                at=self._unit.now,
            )
        )
        person.password_hash, person.password_changed_at = hashed, self._unit.now
        person.must_change_password = True
        _forgive(person)
        await Sessions(self._unit).end_all(person_id, EndReason.CREDENTIALS_RESET)
        self._unit.remember(AuditAction.PASSWORD_RESET, ("person", person_id))
        self._unit.announce(PasswordReset(person_id), "people")
        return await self._seen(person_id), password

    async def reset_second_factor(self, person_id: UUID) -> PersonView:
        """Let somebody enrol a second factor anew; the old one and its recovery codes are worth nothing.

        Whoever resets passwords does not reset second factors: no administrator comes in as another one alone.
        """
        person = await self._others(person_id, Permission.SECOND_FACTORS_WRITE)
        person.totp_sealed = person.totp_enrolled_at = person.totp_last_step = None
        await repository.remove_recovery_codes(self._unit.session, person_id)
        await Sessions(self._unit).end_all(person_id, EndReason.CREDENTIALS_RESET)
        self._unit.remember(AuditAction.SECOND_FACTOR_RESET, ("person", person_id))
        self._unit.announce(SecondFactorReset(person_id), "people")
        return await self._seen(person_id)

    async def initial_password(self) -> tuple[str, str]:
        """Make an initial password that the agency's policy accepts; return it and its hash."""
        password = make_initial_password((await policy_of(self._unit.session)).password)
        return password, await hash_password(password)

    async def _others(self, person_id: UUID, permission: Permission = Permission.PEOPLE_WRITE) -> Person:
        person = await held(self._unit, person_id, permission)
        if person_id == self._unit.caller.person_id:
            raise OwnAccount
        return person

    async def _seen(self, person_id: UUID) -> PersonView:
        return await view_of(self._unit, Person.id == person_id)


def _forgive(person: Person) -> None:
    person.failed_attempts = person.lockouts = 0
    person.locked_until = None
