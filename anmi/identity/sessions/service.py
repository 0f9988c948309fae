"""Sessions: how they advance to the desk, what they show of their owner, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_phone
from anmi.core.permissions import FieldRight, Permission, Scope
from anmi.core.rights import Rights
from anmi.core.roles import Role
from anmi.core.security_policy import PasswordRules, SessionRules, is_password_due, owes_second_factor
from anmi.core.sign_in import Step, first, owed
from anmi.identity.org_units.models import OrgUnit
from anmi.identity.people.models import NAME, PHONE, Person
from anmi.identity.sessions import repository
from anmi.identity.sessions.models import EndReason, Session
from anmi.identity.sessions.refusals import OnlyForPeople
from anmi.identity.sessions.session_tokens import csrf_token
from anmi.identity.sessions.standing import agency_of, standing_of
from anmi.identity.tenants.models import Tenant
from anmi.kit.errors import NotFound, NotSignedIn
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SessionView:
    """All that a page needs to know of the session it runs in."""

    session: Session
    person: Person
    name: str
    phone_masked: str
    unit: OrgUnit
    tenant: Tenant
    csrf_token: str
    idle_seconds: int
    roles: Sequence[Role]
    permissions: dict[Permission, Scope]
    field_rights: Sequence[FieldRight]
    password_rules: PasswordRules


class Sessions:
    """The sessions of an agency's people, on behalf of the unit's caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def current(self) -> SessionView:
        """Show the caller's own session. Rights are shown when the desk is open, not before."""
        session = await self.own_session()
        person = await repository.person(self._unit.session, session.person_id)
        agency = await agency_of(self._unit.session, session.tenant_id)
        if person is None or agency is None:
            raise NotSignedIn
        standing = await standing_of(self._unit.session, agency, person.id)
        rights = standing.rights if session.step is Step.COMPLETE else Rights()
        return SessionView(
            session=session,
            person=person,
            name=self._unit.open(NAME, person.name_sealed),
            phone_masked=mask_phone(self._unit.open(PHONE, person.phone_sealed)),
            unit=await repository.unit_of(self._unit.session, person.unit_id),
            tenant=agency.tenant,
            csrf_token=csrf_token(self._unit.keyring, session.tenant_id, session.id),
            idle_seconds=agency.policy.session.idle_minutes * 60,
            roles=standing.roles,
            permissions={permission: reach.scope for permission, reach in sorted(rights.reach.items())},
            field_rights=sorted(rights.field_rights),
            password_rules=agency.policy.password,
        )

    async def own_session(self) -> Session:
        """Return the session the caller came with."""
        return await repository.session(self._unit.session, self._own_session_id)

    async def advance(self, session: Session, person: Person, *, done: Step | None, demo: bool) -> Step:
        """Lead a session to the next step that its owner owes; at the last one the desk opens."""
        agency = await agency_of(self._unit.session, session.tenant_id)
        if agency is None:
            raise NotSignedIn
        standing = await standing_of(self._unit.session, agency, person.id)
        session.step = first(
            owed(
                is_enrolled=person.totp_enrolled_at is not None,
                is_password_due=person.must_change_password
                or is_password_due(person.password_changed_at, agency.policy.password, self._unit.now),
                owes_second_factor=any(owes_second_factor(role, agency.policy, demo=demo) for role in standing.roles),
                done=done,
            )
        )
        # A topic of its own: pages hear of `session` only when theirs is over.
        self._unit.tell("session_steps", "SessionAdvanced", session_id=session.id, person_id=person.id)
        if session.step is Step.COMPLETE and agency.policy.session.single:
            await self.end_all(person.id, EndReason.REPLACED, but=session.id)
        return session.step

    async def set_taste(self, locale: str | None, theme: str | None) -> SessionView:
        """Remember how the caller likes her desk; what is None stays."""
        person = await repository.locked_person(self._unit.session, self.person_id)
        person.locale, person.theme = locale or person.locale, theme or person.theme
        await self._unit.session.flush()
        return await self.current()

    async def own(self) -> Sequence[Session]:
        """Return the caller's open sessions."""
        return await repository.open_sessions(self._unit.session, self.person_id, self._unit.now)

    async def of(self, person_id: UUID) -> Sequence[Session]:
        """Return the open sessions of somebody within reach."""
        await self._within_reach(person_id)
        return await repository.open_sessions(self._unit.session, person_id, self._unit.now)

    async def close(self) -> None:
        """Log out."""
        ended = await repository.end(self._unit.session, [self._own_session_id], EndReason.SIGNED_OUT, self._unit.now)
        for session_id in ended:
            self._unit.remember(AuditAction.SESSION_CLOSED, ("session", session_id))
            self._tell_end(session_id, self.person_id, EndReason.SIGNED_OUT)

    async def revoke(self, session_id: UUID) -> None:
        """End one of the caller's own sessions."""
        if session_id not in {session.id for session in await self.own()}:
            raise NotFound
        await self._end([session_id], self.person_id, EndReason.REVOKED)

    async def revoke_others(self) -> None:
        """End all of the caller's own sessions but this one."""
        await self.end_all(self.person_id, EndReason.REVOKED, but=self._own_session_id)

    async def end_those_of(self, person_id: UUID) -> None:
        """End all sessions of somebody within reach."""
        await self._within_reach(person_id)
        await self.end_all(person_id, EndReason.ENDED)

    async def end_all(self, person_id: UUID, reason: EndReason, but: UUID | None = None) -> None:
        """End all sessions of somebody, for a reason of the house's own."""
        found = await repository.open_sessions(self._unit.session, person_id, self._unit.now)
        await self._end([session.id for session in found if session.id != but], person_id, reason)

    async def end_one(self, session: Session, reason: EndReason) -> None:
        """End one session, for a reason of the house's own."""
        await self._end([session.id], session.person_id, reason)

    async def _end(self, session_ids: Sequence[UUID], person_id: UUID, reason: EndReason) -> None:
        for session_id in await repository.end(self._unit.session, session_ids, reason, self._unit.now):
            self._unit.remember(AuditAction.SESSION_ENDED, ("session", session_id), person_id=person_id, reason=reason)
            self._tell_end(session_id, person_id, reason)

    def _tell_end(self, session_id: UUID, person_id: UUID, reason: EndReason) -> None:
        self._unit.tell("session", "SessionEnded", session_id=session_id, person_id=person_id, reason=reason)

    async def _within_reach(self, person_id: UUID) -> None:
        person = await repository.person(self._unit.session, person_id)
        reach = self._unit.rights.of(Permission.SESSIONS_END)
        if person is None or not reach.covers(person.unit_id, is_own=person_id == self._unit.caller.person_id):
            raise NotFound

    @property
    def person_id(self) -> UUID:
        """The person who calls; a machine is nobody."""
        if self._unit.caller.person_id is None:
            raise OnlyForPeople
        return self._unit.caller.person_id

    @property
    def _own_session_id(self) -> UUID:
        if self._unit.caller.session_id is None:
            raise OnlyForPeople
        return self._unit.caller.session_id


def has_expired(session: Session, rules: SessionRules, now: datetime) -> EndReason | None:
    """Say whether a session has run out, and how."""
    if now >= session.expires_at:
        return EndReason.EXPIRED
    if now - session.last_seen_at >= timedelta(minutes=rules.idle_minutes):
        return EndReason.IDLE
    return None
