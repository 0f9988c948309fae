"""How a room speaks HTTP: a route declares what it requires, and each request is one unit of work.

    router = room("/identity/people")

    @router.get("", dependencies=[requires(Permission.PEOPLE_READ)])
    async def list_people(unit: Unit, ask: PageAsk) -> Page[PersonSeen]: ...

A route without a declared requirement does not start (and a test says so).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.routing import APIRoute

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.permissions import FieldRight, Permission
from anmi.core.rights import Rights
from anmi.kit import idempotency
from anmi.kit.caller import Caller, CallerKind
from anmi.kit.errors import FieldRightMissing, Forbidden, Invalid, Refusal, StaleVersion
from anmi.kit.paging import LIMIT, MOST, Ask
from anmi.kit.unit_of_work import UnitOfWork, Units


class NotPermitted(Forbidden):
    """The caller lacks the permission a route requires."""

    code = "NOT_PERMITTED"
    zh, en = "您没有“{permission}”权限", "You lack the permission {permission}"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a route asks of its caller: nothing, a session in any step, a full session, or a permission.

    A route that hands out what is otherwise masked asks for a field right besides.
    """

    level: str
    permission: Permission | None = None
    field_right: FieldRight | None = None
    opens_units: bool = False

    async def __call__(self) -> None:
        """Do nothing: the route reads it before the handler runs."""

    def refusal(self, rights: Rights) -> Forbidden | None:
        """Say what these rights lack, if anything."""
        if self.permission and not rights.may(self.permission):
            return NotPermitted(permission=self.permission)
        if self.field_right and self.field_right not in rights.field_rights:
            return FieldRightMissing(field_right=self.field_right)
        return None


def requires(permission: Permission, field_right: FieldRight | None = None, *, opens_units: bool = False) -> Any:
    """Declare that a route needs a permission, and perhaps a field right; `opens_units` as with `signing_in`."""
    return Depends(Requirement("permission", permission, field_right, opens_units))


def signed_in() -> Any:
    """Declare that a route is for everybody who is fully signed in."""
    return Depends(Requirement("signed_in"))


def signing_in(*, opens_units: bool = False) -> Any:
    """Declare that a route also answers sessions that still owe a second factor or a new password.

    A route that `opens_units` itself does so because it thinks for long between reading and writing.
    """
    return Depends(Requirement("signing_in", opens_units=opens_units))


def public(*, opens_units: bool = False) -> Any:
    """Declare that a route answers strangers; `opens_units` as with `signing_in`."""
    return Depends(Requirement("public", opens_units=opens_units))


def requirement_of(route: APIRoute) -> Requirement | None:
    """Return what a route declares, or None where it forgot to."""
    declared = [d.dependency for d in route.dependencies if isinstance(d.dependency, Requirement)]
    return declared[0] if len(declared) == 1 else None


class UnkeepableText(Invalid):
    """A text holds a character that no database of ours keeps."""

    code = "UNKEEPABLE_TEXT"
    zh, en = "内容含有无法保存的字符", "A text holds a character that cannot be kept"


_UNKEEPABLE: Final = re.compile(
    rb"""\\u( 0000                                              # NUL
            | [dD][89abAB][0-9a-fA-F]{2} (?! \\u[dD][c-fC-F] )  # the first half of a pair without the second
            | [dD][c-fC-F][0-9a-fA-F]{2} (?<! \\u[dD][89abAB]..\\u....) )  # the second without the first""",
    re.VERBOSE,
)


class Gate(Protocol):
    """Tells who calls. Raises NotSignedIn, or a child of Forbidden for a caller who may not pass."""

    async def admit(self, request: Request, requirement: Requirement) -> Caller:
        """Return the caller of a request."""
        ...


class RoomRoute(APIRoute):
    """A route whose handler runs within one unit of work; the answer leaves after the commit."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        requirement = requirement_of(self)
        if requirement is None:
            raise TypeError(f"{self.path} does not declare what it requires")

        async def within_a_unit(request: Request) -> Response:
            caller = await request.app.state.gate.admit(request, requirement)
            try:
                if refusal := requirement.refusal(caller.rights):
                    raise refusal
                request.state.caller = caller
                await _refuse_what_cannot_be_kept(request)
                if requirement.opens_units:
                    return await handle(request)
                return await _in_one_unit(request, caller, handle)
            except StaleVersion as stale:
                await _say_who_was_quicker(request, caller, stale)
                raise
            except Forbidden as refusal:
                if not refusal.keeps_unit:
                    await _remember_refusal(request, caller, refusal)
                raise

        return within_a_unit


async def _say_who_was_quicker(request: Request, caller: Caller, stale: StaleVersion) -> None:
    if stale.thing_id is None or caller.tenant_id is None:
        return
    async with request.app.state.units.begin(caller) as unit:
        stale.facts |= await request.app.state.last_change(unit, stale.thing_id)


async def _refuse_what_cannot_be_kept(request: Request) -> None:
    # PostgreSQL keeps neither NUL nor half a surrogate pair, in a text or anywhere inside a JSON value.
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if is_json and _UNKEEPABLE.search(await request.body()):
        raise UnkeepableText


async def _in_one_unit(request: Request, caller: Caller, handle: Callable[[Request], Any]) -> Response:
    async with request.app.state.units.begin(caller) as unit:
        request.state.unit = unit
        try:
            return await _once(request, unit, handle)
        except Refusal as refusal:
            if not refusal.keeps_unit:
                raise
            kept = refusal
    raise kept


async def _once(request: Request, unit: UnitOfWork, handle: Callable[[Request], Any]) -> Response:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST" or unit.caller.actor_id is None:
        return await handle(request)
    digest = idempotency.digest_of(request.method, request.url.path, await request.body())
    answer = await idempotency.kept(unit, key, digest)
    if answer is not None:
        return Response(answer.body, answer.status, {"idempotent-replay": "true"}, "application/json")
    response: Response = await handle(request)
    if 200 <= response.status_code < 300:
        idempotency.keep(unit, key, digest, response.status_code, bytes(response.body))
    return response


async def _remember_refusal(request: Request, caller: Caller, refusal: Forbidden) -> None:
    if caller.kind is CallerKind.STRANGER or caller.tenant_id is None:
        return
    async with request.app.state.units.begin(caller) as unit:
        unit.remember(
            AuditAction.REQUEST_REFUSED,
            outcome=Outcome.REFUSED,
            refusal=refusal.code,
            **refusal.facts,
            method=request.method,
            path=request.url.path,
        )


def room(path: str, tag: str | None = None) -> APIRouter:
    """Make the router of a room; its path under `/api/v1` is its place in the house."""
    return APIRouter(prefix=path, tags=[tag or path.strip("/")], route_class=RoomRoute)


async def _current_unit(request: Request) -> UnitOfWork:
    return request.state.unit


async def _units(request: Request) -> Units:
    return request.app.state.units


async def _current_caller(request: Request) -> Caller:
    return request.state.caller


async def _page_ask(
    limit: Annotated[int, Query(ge=1, le=MOST)] = LIMIT,
    after: Annotated[str | None, Query(max_length=500)] = None,
    sort: Annotated[str | None, Query(max_length=50)] = None,
) -> Ask:
    return Ask(limit, after, sort)


Unit = Annotated[UnitOfWork, Depends(_current_unit)]
OwnUnits = Annotated[Units, Depends(_units)]
Who = Annotated[Caller, Depends(_current_caller)]
Id = Annotated[UUID, Path(alias="id")]
PageAsk = Annotated[Ask, Depends(_page_ask)]
