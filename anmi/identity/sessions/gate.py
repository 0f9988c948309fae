"""The gate: who a request comes from, and whether it may pass at all.

What the database said of a session is remembered for a few seconds, and forgotten the moment that news make it old:
most requests pass without a question to the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from fastapi import Request, WebSocket
from starlette.requests import HTTPConnection

from anmi.core.rights import Rights, rights_of
from anmi.core.sign_in import Step
from anmi.identity.people.models import Person, PersonState
from anmi.identity.sessions import repository
from anmi.identity.sessions.cookies import Cookies
from anmi.identity.sessions.models import EndReason, Session
from anmi.identity.sessions.recent import Recent
from anmi.identity.sessions.refusals import OnlyForPeople, SessionHasEnded, SessionHasExpired, SessionIncomplete
from anmi.identity.sessions.service import Sessions, has_expired
from anmi.identity.sessions.session_tokens import csrf_token, tenant_of
from anmi.identity.sessions.standing import Agency, agency_of, standing_of
from anmi.identity.tokens.service import grant_of, live_token, machine_tenant_of, touch_token
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.errors import NotSignedIn, Refusal
from anmi.kit.hub import Heard
from anmi.kit.live import News
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.kit.web import Requirement

CALLERS_LAST: Final = timedelta(seconds=5)
AGENCIES_LAST: Final = timedelta(seconds=30)
CALLERS: Final = 10_000
AGENCIES: Final = 1_000
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly we write down when somebody was last seen."""
DEVICE_LENGTH: Final = 200
BACKGROUND: Final = "x-anmi-background"
"""Sent by a page that asks by itself while nobody touches it: no sign of life."""

_BEARER: Final = "bearer "
_ABOUT_PEOPLE: Final = frozenset({"session", "session_steps", "people", "grants"})
_ABOUT_AGENCIES: Final = frozenset({"org_units", "roles", "policy", "tenants", "tokens"})


@dataclass(slots=True)
class Known:
    """What is known of a session or a token: whose it is, how far it came and how long it may go on."""

    caller: Caller
    written_at: datetime
    expires_at: datetime | None
    step: Step = Step.COMPLETE
    csrf: str = ""


LookUp = Callable[[UnitOfWork, bytes], Awaitable["Known | Refusal"]]


class SessionGate:
    """Admits strangers to public routes; everybody else shows a session or a token."""

    def __init__(self, units: Units, *, demo: bool = False, public_url: str | None = None) -> None:
        self.demo = demo
        self.cookies = Cookies(public_url)
        self._units = units
        self._known: Recent[bytes, Known] = Recent(CALLERS, CALLERS_LAST)
        self._agencies: Recent[UUID, Agency] = Recent(AGENCIES, AGENCIES_LAST)
        units.ears.append(self.hear_own)

    async def admit(self, request: Request, requirement: Requirement) -> Caller:
        """Return the caller of a request."""
        if requirement.level == "public":
            self.cookies.check_origin(request)
            return _seen(Caller(CallerKind.STRANGER), request)
        authorization = request.headers.get("authorization", "")
        if authorization.lower().startswith(_BEARER):
            known = await self._machine(authorization[len(_BEARER) :].strip())
            if requirement.level == "signing_in":
                raise OnlyForPeople
        else:
            self.cookies.check_origin(request)
            known = await self._session(request)
            self.cookies.check_csrf(request, known.csrf)
            if requirement.level != "signing_in" and known.step is not Step.COMPLETE:
                raise SessionIncomplete(step=known.step)
        if BACKGROUND not in request.headers:
            await self._touch(known)
        return _seen(known.caller, request)

    async def admit_socket(self, socket: WebSocket) -> Caller:
        """Return the caller of a live socket. An open page is no activity: it does not keep a session alive."""
        known = await self._session(socket)
        if known.step is not Step.COMPLETE:
            raise SessionIncomplete(step=known.step)
        return _seen(known.caller, socket)

    def hear(self, heard: Heard) -> None:
        """Forget what the news made old."""
        if heard.tenant_id is None:
            self._forget(None, None)
        else:
            self.hear_own(heard.tenant_id, News(heard.topic, heard.kind, heard.about))

    def hear_own(self, tenant_id: UUID, news: News) -> None:
        """Forget what this process itself just made old."""
        if news.topic in _ABOUT_AGENCIES:
            self._forget(tenant_id, None)
        elif news.topic in _ABOUT_PEOPLE:
            self._forget(tenant_id, news.about.get("person_id"))

    def _forget(self, tenant_id: UUID | None, person_id: object) -> None:
        def is_meant(known: Known) -> bool:
            of_tenant = tenant_id is None or known.caller.tenant_id == tenant_id
            return of_tenant and (person_id is None or str(known.caller.person_id) == str(person_id))

        self._known.forget(lambda _, known: is_meant(known))
        if person_id is None:
            self._agencies.forget(lambda key, _: tenant_id is None or key == tenant_id)

    async def _session(self, connection: HTTPConnection) -> Known:
        token = self.cookies.read(connection)
        tenant_id = tenant_of(token) if token else None
        if token is None or tenant_id is None:
            raise NotSignedIn
        known = await self._recall(tenant_id, token, self._look_up_session)
        if known.expires_at is not None and self._units.clock() >= known.expires_at:
            raise SessionHasExpired
        return known

    async def _machine(self, token: str) -> Known:
        tenant_id = machine_tenant_of(token)
        if tenant_id is None:
            raise NotSignedIn
        return await self._recall(tenant_id, token, self._look_up_machine)

    async def _recall(self, tenant_id: UUID, token: str, look_up: LookUp) -> Known:
        digest, now = self._units.keyring.token_digest(token), self._units.clock()
        known = self._known.get(digest, now)
        if known is not None:
            return known
        mark = self._known.mark
        async with self._units.begin(the_system(tenant_id)) as unit:
            found = await look_up(unit, digest)
        if isinstance(found, Refusal):
            raise found
        self._known.keep(digest, found, now, mark)
        return found

    async def _look_up_session(self, unit: UnitOfWork, digest: bytes) -> Known | Refusal:
        """Ask the database whose session this is; one that has run out is ended, so that the log knows."""
        found = await repository.session_by_digest(unit.session, digest)
        agency = await self._agency(unit)
        if found is None or agency is None:
            return NotSignedIn()
        session, person = found
        if reason := _end_of(session, person, agency):
            return SessionHasEnded(reason=reason)
        if reason := has_expired(session, agency.policy.session, unit.now):
            await Sessions(unit).end_one(session, reason)
            return SessionHasExpired(reason=reason)
        rights = Rights()
        if session.step is Step.COMPLETE:
            rights = (await standing_of(unit.session, agency, person.id)).rights
        return Known(
            Caller(CallerKind.PERSON, unit.tenant_id, person.id, person.unit_id, session.id, rights=rights),
            session.last_seen_at,
            session.expires_at,
            session.step,
            csrf_token(unit.keyring, unit.tenant_id, session.id),
        )

    async def _look_up_machine(self, unit: UnitOfWork, digest: bytes) -> Known | Refusal:
        """Ask the database whose token this is."""
        agency = await self._agency(unit)
        token = await live_token(unit, digest)
        if token is None or agency is None or agency.is_suspended:
            return NotSignedIn()
        rights = rights_of([grant_of(token)], agency.parents)
        caller = Caller(CallerKind.TOKEN, unit.tenant_id, unit_id=token.unit_id, token_id=token.id, rights=rights)
        return Known(caller, token.last_used_at or token.issued_at, None)

    async def _agency(self, unit: UnitOfWork) -> Agency | None:
        agency = self._agencies.get(unit.tenant_id, unit.now)
        if agency is None:
            mark = self._agencies.mark
            agency = await agency_of(unit.session, unit.tenant_id)
            if agency is not None:
                self._agencies.keep(unit.tenant_id, agency, unit.now, mark)
        return agency

    async def _touch(self, known: Known) -> None:
        """Write down now and then that somebody was here."""
        now = self._units.clock()
        if now - known.written_at < SEEN_EVERY:
            return
        known.written_at = now
        async with self._units.begin(the_system(known.caller.tenant_id)) as unit:
            if known.caller.token_id is not None:
                await touch_token(unit, known.caller.token_id)
            elif known.caller.session_id is not None and known.caller.person_id is not None:
                await repository.touch(unit.session, known.caller.session_id, known.caller.person_id, unit.now)


def _end_of(session: Session, person: Person, agency: Agency) -> str | None:
    """Say why a session is over although its time has not run out."""
    if session.ended_at is not None:
        return session.end_reason or EndReason.ENDED
    if person.state is PersonState.DISABLED:
        return EndReason.PERSON_DISABLED
    return "tenant_suspended" if agency.is_suspended else None


def _seen(caller: Caller, connection: HTTPConnection) -> Caller:
    ip = connection.client.host if connection.client else ""
    return replace(caller, ip=ip, device=connection.headers.get("user-agent", "")[:DEVICE_LENGTH])
