"""The web server: every room's routes under `/api/v1`, the built desk beside them, and the manners of both.

Only this module knows which status code a family of refusals has.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Lifespan

from anmi import __version__
from anmi.entrypoints import desk, health, manners, phone_socket, sockets
from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.routes import ROUTERS
from anmi.entrypoints.wiring import House, open_house
from anmi.identity.audit.service import last_change
from anmi.identity.sessions.gate import SessionGate
from anmi.kit import errors
from anmi.kit.hub import Hub
from anmi.kit.settings import Settings

API: Final = "/api/v1"

log = structlog.get_logger()

# The first family that fits decides; NotFound also stands for "not for your eyes".
STATUS: Final[tuple[tuple[type[errors.Refusal], int], ...]] = (
    (errors.NotSignedIn, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.Conflict, 409),
    (errors.Invalid, 422),
    (errors.LockedOut, 423),
    (errors.TooMany, 429),
)


class Unforeseen(errors.Refusal):
    """Something of ours broke; nothing was changed."""

    code = "UNFORESEEN"
    zh, en = (
        "系统内部错误，操作未生效，请稍后重试",
        "Something broke on our side; nothing was changed",
    )


class NotNow(errors.Refusal):
    """A part of the outside world does not answer."""

    code = "UNAVAILABLE"
    zh, en = (
        "依赖的服务（{port}）暂不可用，请稍后重试",
        "A service we depend on ({port}) does not answer; please try again",
    )


class NotWellFormed(errors.Refusal):
    """The HTTP request itself is off."""

    code = "BAD_REQUEST"
    zh, en = "请求无法处理（{status}）", "The request cannot be handled ({status})"


def create_app(settings: Settings | None = None, house: House | None = None) -> FastAPI:
    """Make the application; tests hand in a house of their own."""
    settings = settings or (house.settings if house else Settings())
    app = FastAPI(
        title="Anmi",
        version=__version__,
        description="安米智能催收 API",
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, house),
        responses={"4XX": {"model": manners.Problem}, "5XX": {"model": manners.Problem}},
        generate_unique_id_function=lambda route: route.name,
    )
    if house is not None:
        _furnish(app, house)
    _include(app, (*ROUTERS, sockets.router, phone_socket.router))
    app.include_router(health.router)
    desk.mount(app)
    manners.install(app, settings)
    app.add_exception_handler(errors.Refusal, _refused)
    app.add_exception_handler(errors.Unavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _not_well_formed)
    app.add_exception_handler(Exception, _unforeseen)
    return app


def _lifespan(settings: Settings, house: House | None) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        if house is not None:
            yield
            return
        async with open_house(settings) as opened:
            _furnish(app, opened)
            hearing = asyncio.create_task(app.state.hub.run(opened.database.address))
            yield
            hearing.cancel()

    return lifespan


def _furnish(app: FastAPI, house: House) -> None:
    app.state.house = house
    app.state.units = house.units
    app.state.gate = SessionGate(house.units, demo=house.settings.demo, public_url=house.settings.public_url)
    app.state.last_change = last_change
    app.state.hub = Hub()
    app.state.hub.listen(app.state.gate.hear)
    app.state.job_words = {kind.name: kind.words for kind in job_kinds(house)}


def _include(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    for router in routers:
        app.include_router(router, prefix=API)


def _answer(request: Request, refusal: errors.Refusal, status: int) -> JSONResponse:
    body = {"code": refusal.code, "message": refusal.sentence(manners.language_of(request)), "facts": refusal.facts}
    return JSONResponse(manners.jsonable(body), status)


async def _refused(request: Request, refusal: Any) -> Response:
    status = getattr(refusal, "status", None) or next(
        (status for family, status in STATUS if isinstance(refusal, family)), 400
    )
    response = _answer(request, refusal, status)
    if isinstance(refusal, errors.TooMany):
        response.headers["Retry-After"] = str(refusal.facts.get("retry_after", 1))
    return response


async def _unavailable(request: Request, failure: Any) -> Response:
    log.warning("port_unavailable", port=failure.port)
    return _answer(request, NotNow(port=failure.port), 503)


async def _invalid(request: Request, fault: Any) -> Response:
    # What was sent is not repeated: it may be a password or a debtor's number.
    fields = [{"path": ".".join(map(str, error["loc"][1:])), "message": error["msg"]} for error in fault.errors()]
    return _answer(request, errors.Invalid(fields=fields), 422)


async def _not_well_formed(request: Request, fault: Any) -> Response:
    refusal = errors.NotFound() if fault.status_code == 404 else NotWellFormed(status=fault.status_code)
    return _answer(request, refusal, fault.status_code)


async def _unforeseen(request: Request, fault: Exception) -> Response:
    log.error("unforeseen", path=request.url.path, exc_info=fault)
    return _answer(request, Unforeseen(), 500)
