"""The second factor: enrolling a phone, proving to hold it, and the recovery codes for the day it is lost."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass

import segno
from pyotp import random_base32

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.lockout import Attempts
from anmi.core.second_factor import (
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    accepted_step,
    enrolment_uri,
    read_recovery_code,
    written_recovery_code,
)
from anmi.core.sign_in import Step
from anmi.identity.people.models import TOTP, Person
from anmi.identity.policy.service import policy_of
from anmi.identity.sessions import repository
from anmi.identity.sessions.accounts import attempts_of, remember_lockout, write_attempts
from anmi.identity.sessions.models import EndReason, Session
from anmi.identity.sessions.refusals import NoEnrolmentBegun, StepNotOwed, WrongCode
from anmi.identity.sessions.service import Sessions, SessionView
from anmi.kit.errors import LockedOut
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves the second factor: the code on the phone, or a recovery code."""

    code: str | None = None
    recovery_code: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a phone needs to be enrolled; shown once."""

    secret: str
    uri: str
    qr_svg: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The recovery codes of a fresh enrolment, shown once, and how the session stands now."""

    recovery_codes: list[str]
    session: SessionView


class SecondFactor:
    """The caller's own second factor."""

    def __init__(self, unit: UnitOfWork, *, demo: bool = False) -> None:
        self._unit = unit
        self._demo = demo
        self._sessions = Sessions(unit)

    async def prove(self, proof: Proof) -> SessionView:
        """Take the step that is owed at every login of somebody who is enrolled."""
        session, person = await self._load()
        if session.step is not Step.TOTP:
            raise StepNotOwed
        await self._check(session, person, proof)
        await self._sessions.advance(session, person, done=Step.TOTP, demo=self._demo)
        await self._unit.session.flush()
        return await self._sessions.current()

    async def begin(self, proof: Proof) -> Enrolment:
        """Begin to enrol a phone; whoever is enrolled already proves it with the old one. Nothing changes yet."""
        session, person = await self._load()
        if session.step not in {Step.TOTP_ENROLMENT, Step.COMPLETE}:
            raise StepNotOwed
        if person.totp_enrolled_at is not None:
            await self._check(session, person, proof)
        secret = random_base32()
        person.totp_pending_sealed = self._unit.seal(TOTP, secret)
        tenant = await repository.tenant(self._unit.session, self._unit.tenant_id)
        account = f"{tenant.code}:{person.employee_no}" if tenant else person.employee_no
        uri = enrolment_uri(secret, issuer="Anmi", account=account)
        return Enrolment(secret, uri, _drawn(uri))

    async def confirm(self, code: str) -> Enrolled:
        """Confirm with a first code that the phone holds the secret; from now on it is asked for."""
        session, person = await self._load()
        if person.totp_pending_sealed is None or session.step not in {Step.TOTP_ENROLMENT, Step.COMPLETE}:
            raise NoEnrolmentBegun
        secret = self._unit.open(TOTP, person.totp_pending_sealed)
        step = accepted_step(secret, code, self._unit.now, None)
        if step is None:
            raise WrongCode
        person.totp_sealed, person.totp_pending_sealed = person.totp_pending_sealed, None
        person.totp_enrolled_at, person.totp_last_step = self._unit.now, step
        codes = [_make_recovery_code() for _ in range(RECOVERY_CODES)]
        digests = [self._digest(person, code) for code in codes]
        await repository.replace_recovery_codes(self._unit.session, self._unit.tenant_id, person.id, digests)
        self._unit.remember(AuditAction.SECOND_FACTOR_ENROLLED, ("person", person.id))
        if session.step is Step.TOTP_ENROLMENT:
            await self._sessions.advance(session, person, done=Step.TOTP_ENROLMENT, demo=self._demo)
        await self._unit.session.flush()
        return Enrolled([written_recovery_code(code) for code in codes], await self._sessions.current())

    async def _load(self) -> tuple[Session, Person]:
        # The person first: whoever waits for her row then reads the session as the other one left it.
        person = await repository.locked_person(self._unit.session, self._sessions.person_id)
        return await self._sessions.own_session(), person

    async def _check(self, session: Session, person: Person, proof: Proof) -> None:
        """Let a right proof pass and use it up; count a wrong one."""
        attempts = attempts_of(person)
        if attempts.is_locked(self._unit.now):
            raise LockedOut(until=attempts.locked_until)
        if not (self._is_right_code(person, proof.code) or await self._uses_recovery_code(person, proof)):
            await self._refuse(session, person)
        write_attempts(person, Attempts())
        self._unit.remember(AuditAction.SECOND_FACTOR_PASSED, ("person", person.id))

    def _is_right_code(self, person: Person, code: str | None) -> bool:
        if code is None or person.totp_sealed is None:
            return False
        secret = self._unit.open(TOTP, person.totp_sealed)
        step = accepted_step(secret, code, self._unit.now, person.totp_last_step)
        if step is not None:
            person.totp_last_step = step
        return step is not None

    async def _uses_recovery_code(self, person: Person, proof: Proof) -> bool:
        if proof.recovery_code is None:
            return False
        digest = self._digest(person, read_recovery_code(proof.recovery_code))
        if not await repository.use_recovery_code(self._unit.session, person.id, digest, self._unit.now):
            return False
        left = await repository.recovery_codes_left(self._unit.session, person.id)
        self._unit.remember(AuditAction.RECOVERY_CODE_USED, ("person", person.id), left=left)
        return True

    async def _refuse(self, session: Session, person: Person) -> None:
        policy = await policy_of(self._unit.session)
        attempts = attempts_of(person).one_more(policy.lockout, self._unit.now)
        write_attempts(person, attempts)
        self._unit.remember(
            AuditAction.SECOND_FACTOR_REFUSED, ("person", person.id), Outcome.FAILED, reason=WrongCode.code
        )
        if attempts.locked_until is None:
            raise WrongCode
        remember_lockout(self._unit, person.id, attempts.locked_until)
        await self._sessions.end_one(session, EndReason.LOCKED_OUT)
        raise LockedOut(until=attempts.locked_until)

    def _digest(self, person: Person, code: str) -> bytes:
        return self._unit.keyring.token_digest(f"recovery {person.id} {code}")


def _drawn(uri: str) -> str:
    drawing = io.BytesIO()
    segno.make(uri, error="m").save(drawing, kind="svg", xmldecl=False, scale=5, border=2)
    return drawing.getvalue().decode().strip()


def _make_recovery_code() -> str:
    return "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
