"""The gate: who may pass with what she shows, for how long, and how quickly it hears that something has changed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event, update
from starlette.requests import HTTPConnection

from anmi.core.permissions import Permission
from anmi.identity.people.models import Person, PersonState
from anmi.identity.sessions.models import Session
from anmi.identity.sessions.recent import Recent
from anmi.identity.tenants.models import Tenant, TenantState
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.hub import GAP, Heard
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, a_grant, an_agency, app_of
from tests.builders.sessions import API, a_second_browser, sign_in, somebody_with_a_password


@pytest.fixture
async def agency(units: Units) -> Agency:
    """Return an agency with a supervisor in it."""
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "supervisor")
    return agency


@contextmanager
def statements(database: Database) -> Generator[list[str]]:
    """Write down every statement sent to the database."""
    sent: list[str] = []

    def write(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", write)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", write)


@pytest.mark.parametrize(
    "token", ["", "x", "0" * 32, "0" * 32 + "abc", "z" * 80, "..", "中文"], ids=lambda token: token[:8] or "empty"
)
async def test_nonsense_in_the_cookie_is_nobody(client: httpx.AsyncClient, token: str) -> None:
    client.headers["Cookie"] = f"anmi_session={token}".encode().decode("latin-1")
    response = await client.get(f"{API}/session")
    assert (response.status_code, response.json()["code"]) == (401, "NOT_SIGNED_IN")


async def test_a_token_does_not_open_another_agency(client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    other = await an_agency(units)
    await sign_in(client, agency)
    token = client.cookies["anmi_session"]
    client.cookies.clear()
    client.cookies.set("anmi_session", other.tenant_id.hex + token[32:])
    assert (await client.get(f"{API}/session")).status_code == 401


async def test_a_stolen_cookie_changes_nothing_without_the_csrf_token(
    client: httpx.AsyncClient, agency: Agency
) -> None:
    session = await sign_in(client, agency)
    for said in (None, "", "wrong", session["csrf_token"][:-1], "中"):
        client.headers.pop("X-CSRF-Token", None)
        headers = {} if said is None else {"X-CSRF-Token": said.encode()}
        response = await client.patch(f"{API}/profile", json={"theme": "dark"}, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "FORGED_REQUEST")
    headers = {"X-CSRF-Token": session["csrf_token"]}
    assert (await client.patch(f"{API}/profile", json={"theme": "dark"}, headers=headers)).status_code == 200


async def test_the_csrf_token_of_another_session_does_not_fit(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    async with a_second_browser(client) as second:
        await sign_in(second, agency)
        client.headers["X-CSRF-Token"] = second.headers["X-CSRF-Token"]
    assert (await client.delete(f"{API}/session")).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1"}, 200),
        ({"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_a_change_comes_from_our_own_pages_or_not_at_all(
    client: httpx.AsyncClient, agency: Agency, headers: dict[str, str], status: int
) -> None:
    await sign_in(client, agency)
    response = await client.patch(f"{API}/profile", json={"locale": "en-US"}, headers=headers)
    assert response.status_code == status


async def test_a_session_left_alone_ends_and_the_log_knows(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    await sign_in(client, agency)
    for _ in range(3):
        watch.pass_by(minutes=29)
        assert (await client.get(f"{API}/session")).status_code == 200
    watch.pass_by(minutes=30)
    response = await client.get(f"{API}/session")
    assert (response.status_code, response.json()["code"]) == (401, "SESSION_EXPIRED")
    assert response.json()["facts"] == {"reason": "idle"}
    [entry] = await remembered(units, agency, "session.ended")
    assert entry.facts["reason"] == "idle"
    assert (await client.get(f"{API}/session")).json()["code"] == "SESSION_ENDED"


async def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    await sign_in(client, agency)
    for _ in range(2):
        watch.pass_by(minutes=15)
        response = await client.get(f"{API}/session", headers={"X-Anmi-Background": "1"})
    assert response.json()["code"] == "SESSION_EXPIRED"


async def test_a_busy_session_ends_after_twelve_hours(client: httpx.AsyncClient, agency: Agency, watch: Watch) -> None:
    await sign_in(client, agency)
    for _ in range(36):
        watch.pass_by(minutes=19, seconds=59)
        assert (await client.get(f"{API}/session")).status_code == 200
    watch.pass_by(minutes=1)
    assert (await client.get(f"{API}/session")).json()["facts"] == {"reason": "expired"}


async def test_most_requests_pass_without_a_question_to_the_database(
    client: httpx.AsyncClient, agency: Agency, database: Database
) -> None:
    await sign_in(client, agency)
    await client.get(f"{API}/session")
    gate, request = app_of(client).state.gate, client.build_request("GET", f"{API}/session")
    with statements(database) as sent:
        caller = await gate.admit_socket(_as_socket(request, client))
    assert caller.rights.may(Permission.PEOPLE_READ)
    assert sent == []


def _as_socket(request: httpx.Request, client: httpx.AsyncClient) -> object:
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    return HTTPConnection(
        {"type": "http", "headers": headers, "scheme": "http", "client": ("127.0.0.1", 1), "path": "/"}
    )


async def test_being_here_is_written_down_once_a_minute(
    client: httpx.AsyncClient, agency: Agency, watch: Watch, database: Database
) -> None:
    await sign_in(client, agency)
    watch.pass_by(seconds=70)
    with statements(database) as sent:
        for _ in range(3):
            await client.get(f"{API}/sessions")
    assert len([statement for statement in sent if statement.startswith("UPDATE sessions")]) == 1
    [own] = (await client.get(f"{API}/sessions")).json()["items"]
    assert own["last_seen_at"].startswith(watch.now.isoformat()[:19])


async def test_a_leaver_is_out_at_the_next_request_everywhere(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    session = await sign_in(client, agency)
    assert (await client.get(f"{API}/session")).status_code == 200
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await unit.session.execute(update(Person).values(state=PersonState.DISABLED))
    assert (await client.get(f"{API}/session")).status_code == 200, "not told yet"
    gate = app_of(client).state.gate
    gate.hear(Heard(1, agency.tenant_id, "people", "PersonDisabled", {"person_id": session["person"]["id"]}))
    response = await client.get(f"{API}/session")
    assert (response.status_code, response.json()["facts"]) == (401, {"reason": "person_disabled"})


async def test_without_any_news_the_gate_asks_again_after_five_seconds(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    await sign_in(client, agency)
    await client.get(f"{API}/session")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await unit.session.execute(update(Session).values(ended_at=unit.now))
    watch.pass_by(seconds=5)
    assert (await client.get(f"{API}/session")).status_code == 401


@pytest.mark.parametrize("topic", ["grants", "roles", "org_units", "gap"])
async def test_new_rights_hold_at_the_next_request(
    client: httpx.AsyncClient, units: Units, agency: Agency, topic: str
) -> None:
    session = await sign_in(client, agency)
    assert (await client.get(f"{API}/policy")).status_code == 403
    await a_grant(units, agency, session["person"]["id"], "owner")
    about = {"person_id": session["person"]["id"]} if topic == "grants" else {}
    heard = GAP if topic == "gap" else Heard(1, agency.tenant_id, topic, "Changed", about)
    app_of(client).state.gate.hear(heard)
    assert (await client.get(f"{API}/policy")).status_code == 200


async def test_the_sessions_of_a_suspended_agency_are_over(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await sign_in(client, agency)
    await client.get(f"{API}/session")
    async with units.begin(replace(the_system(agency.tenant_id), across_tenants=True)) as unit:
        await unit.session.execute(
            update(Tenant).where(Tenant.id == agency.tenant_id).values(state=TenantState.SUSPENDED)
        )
        unit.tell("tenants", "TenantSuspended", tenant_id=agency.tenant_id)
    response = await client.get(f"{API}/session")
    assert (response.status_code, response.json()["facts"]) == (401, {"reason": "tenant_suspended"})


def test_news_that_arrive_during_a_look_up_win_over_what_it_found(watch: Watch) -> None:
    recent: Recent[str, int] = Recent(2, timedelta(seconds=5))
    mark = recent.mark
    recent.forget(lambda *_: False)
    recent.keep("a", 1, watch.now, mark)
    assert recent.get("a", watch.now) is None
    for value, key in enumerate("abc"):
        recent.keep(key, value, watch.now, recent.mark)
    assert [recent.get(key, watch.now) for key in "abc"] == [None, 1, 2]
    watch.pass_by(seconds=5)
    assert recent.get("c", watch.now) is None
