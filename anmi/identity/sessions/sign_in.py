"""Signing in: a password opens a session, and whatever else is owed comes after.

The attempt is counted in one unit of work, the password examined outside of any, and what came of it written in a
second one: argon2 takes its time, and no connection waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.lockout import Attempts
from anmi.core.phone_number import PhoneNumber
from anmi.core.security_policy import LockoutRules
from anmi.core.sign_in import Step
from anmi.identity.people.models import PHONE, Person, PersonState
from anmi.identity.sessions import repository
from anmi.identity.sessions.accounts import attempts_of, remember_lockout, write_attempts
from anmi.identity.sessions.models import Session
from anmi.identity.sessions.refusals import PersonDisabled, TenantSuspended, WrongCredentials
from anmi.identity.sessions.service import Sessions, SessionView
from anmi.identity.sessions.session_tokens import make_token
from anmi.identity.sessions.standing import Agency, agency_of
from anmi.identity.tenants.models import TenantState
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.errors import LockedOut, Refusal
from anmi.kit.ids import new_id
from anmi.kit.passwords import is_right
from anmi.kit.unit_of_work import UnitOfWork, Units


class LoginBy(StrEnum):
    """By which of the two names somebody comes in."""

    EMPLOYEE_NO = "employee_no"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says she is, and what is to prove it."""

    tenant_code: str
    login_by: LoginBy
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened, and its token, which nobody but the browser keeps."""

    token: str
    view: SessionView


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt that was counted before its password is examined; nobody, where the login is unknown."""

    person_id: UUID | None = None
    password_hash: str | None = None
    locked_until: datetime | None = None
    """Set by the last attempt of a row."""


class SignIn:
    """Opens sessions for strangers."""

    def __init__(self, units: Units, *, demo: bool = False) -> None:
        self._units = units
        self._demo = demo

    async def open(self, claim: Claim, caller: Caller) -> Opened:
        """Open a session for whoever proves to be what she claims."""
        tenant_id = await self._tenant(claim)
        if tenant_id is None:
            await is_right(claim.password, None)
            raise WrongCredentials
        stranger = replace(caller, tenant_id=tenant_id)
        counted = await self._count(stranger, claim)
        right = await is_right(claim.password, counted.password_hash)
        if counted.person_id is None or not right:
            raise await self._turn_away(stranger, claim, counted)
        answer = await self._let_in(stranger, counted.person_id, counted.password_hash)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def _tenant(self, claim: Claim) -> UUID | None:
        async with self._units.begin(the_system(across_tenants=True)) as unit:
            tenant = await repository.tenant_by_code(unit.session, claim.tenant_code)
        if tenant is not None and tenant.state is TenantState.SUSPENDED:
            raise TenantSuspended
        return tenant.id if tenant else None

    async def _count(self, stranger: Caller, claim: Claim) -> Counted:
        async with self._units.begin(stranger) as unit:
            person = await _claimed(unit, claim)
            agency = await agency_of(unit.session, unit.tenant_id)
            if person is None or agency is None:
                return Counted()
            attempts = attempts_of(person)
            if not attempts.is_locked(unit.now):
                attempts = attempts.one_more(agency.policy.lockout, unit.now)
                write_attempts(person, attempts)
                return Counted(person.id, person.password_hash, attempts.locked_until)
            unit.remember(AuditAction.SESSION_REFUSED, ("person", person.id), Outcome.REFUSED, reason=LockedOut.code)
        raise LockedOut(until=attempts.locked_until)

    async def _turn_away(self, stranger: Caller, claim: Claim, counted: Counted) -> Refusal:
        async with self._units.begin(stranger) as unit:
            target = ("person", counted.person_id) if counted.person_id else None
            unit.remember(
                AuditAction.SESSION_REFUSED,
                target,
                Outcome.FAILED,
                reason=WrongCredentials.code,
                login_by=claim.login_by,
            )
            if counted.person_id and counted.locked_until:
                remember_lockout(unit, counted.person_id, counted.locked_until)
        return LockedOut(until=counted.locked_until) if counted.locked_until else WrongCredentials()

    async def _let_in(self, stranger: Caller, person_id: UUID, password_hash: str | None) -> Opened | Refusal:
        async with self._units.begin(stranger) as unit:
            person = await repository.locked_person(unit.session, person_id)
            agency = await agency_of(unit.session, unit.tenant_id)
            if agency is None or person.password_hash != password_hash:
                return WrongCredentials()
            if person.state is PersonState.DISABLED:
                unit.remember(
                    AuditAction.SESSION_REFUSED, ("person", person.id), Outcome.REFUSED, reason=PersonDisabled.code
                )
                return PersonDisabled()
            _forgive(person, agency.policy.lockout, unit.now)
            token = make_token(unit.tenant_id)
            session = _new_session(unit, person, agency, token)
            unit.session.add(session)
            await unit.session.flush()
            await unit.enter(
                replace(
                    stranger,
                    kind=CallerKind.PERSON,
                    person_id=person.id,
                    unit_id=person.unit_id,
                    session_id=session.id,
                )
            )
            step = await Sessions(unit).advance(session, person, done=None, demo=self._demo)
            unit.remember(AuditAction.SESSION_OPENED, ("session", session.id), step=step)
            await unit.session.flush()
            return Opened(token, await Sessions(unit).current())


def _forgive(person: Person, rules: LockoutRules, now: datetime) -> None:
    # While the second factor is owed only this attempt is taken back: a stolen password buys no more guesses at it.
    is_all = person.totp_enrolled_at is None
    write_attempts(person, Attempts() if is_all else attempts_of(person).one_less(rules, now))


async def _claimed(unit: UnitOfWork, claim: Claim) -> Person | None:
    if claim.login_by is LoginBy.EMPLOYEE_NO:
        return await repository.person_by_employee_no(unit.session, claim.login)
    number = PhoneNumber.read(claim.login)
    return await repository.person_by_phone(unit.session, unit.index(PHONE, str(number))) if number else None


def _new_session(unit: UnitOfWork, person: Person, agency: Agency, token: str) -> Session:
    person.last_seen_at = unit.now
    return Session(
        id=new_id(),
        tenant_id=unit.tenant_id,
        person_id=person.id,
        token_digest=unit.keyring.token_digest(token),
        step=Step.COMPLETE,
        created_at=unit.now,
        last_seen_at=unit.now,
        expires_at=unit.now + timedelta(hours=agency.policy.session.absolute_hours),
        ip=unit.caller.ip,
        device=unit.caller.device,
    )
