"""Changing one's own password: forced at the first login and when it has grown old, free at any other time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.lockout import Attempts
from anmi.core.security_policy import SecurityPolicy, Weakness, weaknesses
from anmi.core.sign_in import Step
from anmi.identity.people.models import PHONE, FormerPassword, Person
from anmi.identity.sessions import repository
from anmi.identity.sessions.accounts import attempts_of, remember_lockout, write_attempts
from anmi.identity.sessions.models import EndReason
from anmi.identity.sessions.refusals import OnlyForPeople, StepNotOwed, WeakPassword, WrongPassword
from anmi.identity.sessions.service import Sessions, SessionView
from anmi.identity.sessions.standing import agency_of
from anmi.kit.caller import Caller
from anmi.kit.errors import LockedOut, NotSignedIn, Refusal, StaleVersion
from anmi.kit.passwords import hash_password, is_right
from anmi.kit.unit_of_work import UnitOfWork, Units

_MAY_CHANGE: Final = frozenset({Step.PASSWORD_CHANGE, Step.COMPLETE})


@dataclass(frozen=True, slots=True)
class Counted:
    """What is examined after the attempt was counted."""

    person_id: UUID
    password_hash: str
    former: tuple[str, ...]
    """Hashes that must not come back, the current one first."""
    attempts: Attempts


class PasswordChange:
    """Changes the caller's own password; it thinks between two units of work, as signing in does."""

    def __init__(self, units: Units, *, demo: bool = False) -> None:
        self._units = units
        self._demo = demo

    async def change(self, caller: Caller, current: str, new: str) -> SessionView:
        """Replace the current password by a new one; the caller's other sessions end."""
        counted = await self._count(caller, new)
        if not await is_right(current, counted.password_hash):
            raise await self._refuse(caller, counted)
        came_back = False
        for former in counted.former:
            came_back = came_back or await is_right(new, former)
        hashed = None if came_back else await hash_password(new)
        answer = await self._write(caller, counted, hashed)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def _count(self, caller: Caller, new: str) -> Counted:
        if caller.person_id is None or caller.session_id is None:
            raise OnlyForPeople
        async with self._units.begin(caller) as unit:
            session = await repository.session(unit.session, caller.session_id)
            if session.step not in _MAY_CHANGE:
                raise StepNotOwed
            person = await repository.locked_person(unit.session, caller.person_id)
            policy = await _policy(unit)
            phone = unit.open(PHONE, person.phone_sealed)
            if faults := weaknesses(new, policy.password, employee_no=person.employee_no, phone=phone):
                raise WeakPassword(rules=faults)
            attempts = attempts_of(person)
            if attempts.is_locked(unit.now):
                raise LockedOut(until=attempts.locked_until)
            attempts = attempts.one_more(policy.lockout, unit.now)
            write_attempts(person, attempts)
            former = [row.password_hash for row in await repository.former_passwords(unit.session, person.id)]
            recent = (person.password_hash, *former[: policy.password.history - 1])
            return Counted(person.id, person.password_hash, recent, attempts)

    async def _refuse(self, caller: Caller, counted: Counted) -> Refusal:
        async with self._units.begin(caller) as unit:
            unit.remember(
                AuditAction.PASSWORD_CHANGED,
                ("person", counted.person_id),
                Outcome.FAILED,
                reason=WrongPassword.code,
            )
            if counted.attempts.locked_until is None:
                return WrongPassword()
            remember_lockout(unit, counted.person_id, counted.attempts.locked_until)
            await Sessions(unit).end_all(counted.person_id, EndReason.LOCKED_OUT)
            return LockedOut(until=counted.attempts.locked_until)

    async def _write(self, caller: Caller, counted: Counted, hashed: str | None) -> SessionView | Refusal:
        async with self._units.begin(caller) as unit:
            person = await repository.locked_person(unit.session, counted.person_id)
            if person.password_hash != counted.password_hash:
                return StaleVersion()
            write_attempts(person, Attempts())
            if hashed is None:
                return WeakPassword(rules=[Weakness.USED_BEFORE])
            await self._replace(unit, person, hashed)
            return await self._move_on(unit, person)

    async def _replace(self, unit: UnitOfWork, person: Person, hashed: str) -> None:
        history = (await _policy(unit)).password.history
        for row in (await repository.former_passwords(unit.session, person.id))[history:]:
            await unit.session.delete(row)
        unit.session.add(
            FormerPassword(
                tenant_id=unit.tenant_id, person_id=person.id, password_hash=person.password_hash, at=unit.now
            )
        )
        person.password_hash = hashed
        person.password_changed_at = unit.now
        person.must_change_password = False
        unit.remember(AuditAction.PASSWORD_CHANGED, ("person", person.id))

    async def _move_on(self, unit: UnitOfWork, person: Person) -> SessionView:
        sessions = Sessions(unit)
        session = await sessions.own_session()
        if session.step is Step.PASSWORD_CHANGE:
            await sessions.advance(session, person, done=Step.PASSWORD_CHANGE, demo=self._demo)
        await sessions.end_all(person.id, EndReason.PASSWORD_CHANGED, but=session.id)
        await unit.session.flush()
        return await sessions.current()


async def _policy(unit: UnitOfWork) -> SecurityPolicy:
    agency = await agency_of(unit.session, unit.tenant_id)
    if agency is None:
        raise NotSignedIn
    return agency.policy
