"""HTTP of coming in and going out."""

from __future__ import annotations

from fastapi import Request, Response

from anmi.core.permissions import Permission
from anmi.identity.sessions.cookies import Cookies
from anmi.identity.sessions.doorstep import agency_by_code
from anmi.identity.sessions.password_change import PasswordChange
from anmi.identity.sessions.schemas import (
    AgencyCode,
    AgencySeen,
    CodeAsked,
    EnrolledSeen,
    EnrolmentSeen,
    OneProofAsked,
    OpenSessionSeen,
    PasswordAsked,
    ProfileAsked,
    ProofAsked,
    SessionSeen,
    SignInAsked,
)
from anmi.identity.sessions.second_factor import SecondFactor
from anmi.identity.sessions.service import Sessions
from anmi.identity.sessions.sign_in import SignIn
from anmi.kit.paging import Page
from anmi.kit.web import Id, OwnUnits, Unit, Who, public, requires, room, signed_in, signing_in

router = room("/identity", "/identity/sessions")


def _cookies(request: Request) -> Cookies:
    return request.app.state.gate.cookies


def _in_demo(request: Request) -> bool:
    return request.app.state.gate.demo


@router.get("/agency", dependencies=[public()])
async def find_agency(unit: Unit, code: AgencyCode) -> AgencySeen:
    """Return the name of an agency, so that people see at whose door they stand."""
    return AgencySeen.model_validate(await agency_by_code(unit, code))


@router.post("/sessions", status_code=201, dependencies=[public(opens_units=True)])
async def sign_in(
    request: Request, response: Response, units: OwnUnits, caller: Who, asked: SignInAsked
) -> SessionSeen:
    """Open a session with a password; further steps may be owed."""
    opened = await SignIn(units, demo=_in_demo(request)).open(asked.claim(), caller)
    _cookies(request).give(request, response, opened.token)
    return SessionSeen.of(opened.view)


@router.get("/session", dependencies=[signing_in()])
async def read_session(unit: Unit) -> SessionSeen:
    """Return the session the page runs in."""
    return SessionSeen.of(await Sessions(unit).current())


@router.delete("/session", status_code=204, dependencies=[signing_in()])
async def sign_out(request: Request, unit: Unit) -> Response:
    """Log out."""
    await Sessions(unit).close()
    response = Response(status_code=204)
    _cookies(request).take_back(request, response)
    return response


@router.post("/session/totp", dependencies=[signing_in()])
async def prove_second_factor(request: Request, unit: Unit, asked: OneProofAsked) -> SessionSeen:
    """Prove the second factor."""
    return SessionSeen.of(await SecondFactor(unit, demo=_in_demo(request)).prove(asked.proof()))


@router.post("/session/password", dependencies=[signing_in(opens_units=True)])
async def change_password(request: Request, units: OwnUnits, caller: Who, asked: PasswordAsked) -> SessionSeen:
    """Change one's own password; all other sessions end."""
    change = PasswordChange(units, demo=_in_demo(request))
    return SessionSeen.of(await change.change(caller, asked.current_password, asked.new_password))


@router.post("/session/totp-enrolment", dependencies=[signing_in()])
async def begin_enrolment(request: Request, unit: Unit, asked: ProofAsked | None = None) -> EnrolmentSeen:
    """Begin to enrol a phone; whoever has one enrolled proves it once more."""
    proof = (asked or ProofAsked()).proof()
    return EnrolmentSeen.model_validate(await SecondFactor(unit, demo=_in_demo(request)).begin(proof))


@router.put("/session/totp-enrolment", dependencies=[signing_in()])
async def confirm_enrolment(request: Request, unit: Unit, asked: CodeAsked) -> EnrolledSeen:
    """Confirm an enrolment with a first code."""
    enrolled = await SecondFactor(unit, demo=_in_demo(request)).confirm(asked.code)
    return EnrolledSeen(recovery_codes=enrolled.recovery_codes, session=SessionSeen.of(enrolled.session))


@router.patch("/profile", dependencies=[signed_in()])
async def change_profile(unit: Unit, asked: ProfileAsked) -> SessionSeen:
    """Change how one's own desk looks."""
    return SessionSeen.of(await Sessions(unit).set_taste(asked.locale, asked.theme))


@router.get("/sessions", dependencies=[signed_in()])
async def list_own_sessions(unit: Unit) -> Page[OpenSessionSeen]:
    """Return one's own open sessions."""
    found = await Sessions(unit).own()
    return Page(items=[OpenSessionSeen.of(each, unit.caller.session_id) for each in found], total=len(found))


@router.delete("/sessions", status_code=204, dependencies=[signed_in()])
async def revoke_other_sessions(unit: Unit) -> None:
    """End all of one's own sessions but this one."""
    await Sessions(unit).revoke_others()


@router.delete("/sessions/{id}", status_code=204, dependencies=[signed_in()])
async def revoke_session(unit: Unit, session_id: Id) -> None:
    """End one of one's own sessions."""
    await Sessions(unit).revoke(session_id)


@router.get("/people/{id}/sessions", dependencies=[requires(Permission.SESSIONS_END)])
async def list_sessions_of(unit: Unit, person_id: Id) -> Page[OpenSessionSeen]:
    """Return somebody's open sessions."""
    found = await Sessions(unit).of(person_id)
    return Page(items=[OpenSessionSeen.of(each, unit.caller.session_id) for each in found], total=len(found))


@router.delete("/people/{id}/sessions", status_code=204, dependencies=[requires(Permission.SESSIONS_END)])
async def end_sessions_of(unit: Unit, person_id: Id) -> None:
    """End all of somebody's sessions."""
    await Sessions(unit).end_those_of(person_id)
