"""Coming in with a password: who gets in, who does not, and what the log keeps of it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from anmi.identity.people.models import PersonState
from anmi.identity.sessions.models import Session
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import an_agency
from tests.builders.sessions import API, PASSWORD, knock, sign_in, somebody_with_a_password


async def test_the_door_names_the_agency_of_a_code(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units, name="恒信演示")
    response = await client.get(f"{API}/agency", params={"code": agency.code})
    assert response.json() == {"code": agency.code, "name": "恒信演示"}
    assert (await client.get(f"{API}/agency", params={"code": "nobody"})).status_code == 404


@pytest.mark.parametrize(
    ("by", "login"),
    [("employee_no", "A001"), ("employee_no", " A001 "), ("phone", "13900001234"), ("phone", "+86 139 0000 1234")],
)
async def test_people_come_in_by_employee_number_or_phone(
    client: httpx.AsyncClient, units: Units, by: str, login: str
) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "supervisor", phone="13900001234", name="王测试")
    session = await sign_in(client, agency, login, by=by)
    assert session["step"] == "complete"
    assert session["person"]["name"] == "王测试"
    assert session["person"]["phone_masked"] == "139****1234"
    assert session["person"]["roles"] == [{"code": "supervisor", "name_zh": "组长/主管", "name_en": "Supervisor"}]
    assert session["permissions"]["people.read"] == "tenant"
    assert "people.write" not in session["permissions"]
    assert session["tenant"]["code"] == agency.code
    assert session["idle_seconds"] == 1800
    assert (await client.get(f"{API}/session")).json() == session


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency)
    cookie = (await knock(client, agency)).headers["set-cookie"]
    assert cookie.startswith("anmi_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Domain" not in cookie
    client.base_url = httpx.URL("https://127.0.0.1")
    cookie = (await knock(client, agency)).headers["set-cookie"]
    assert cookie.startswith("__Host-anmi_session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


async def test_only_the_digest_of_a_token_is_kept(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency)
    await sign_in(client, agency)
    token = client.cookies["anmi_session"]
    async with units.begin(the_system(agency.tenant_id)) as unit:
        row = (await unit.session.scalars(select(Session))).one()
    assert row.token_digest == units.keyring.token_digest(token)
    assert token.encode() not in row.token_digest


@pytest.mark.parametrize(
    ("login", "password", "by"),
    [
        ("A001", "Kalm-Water-83", "employee_no"),
        ("A002", PASSWORD, "employee_no"),
        ("13900001234", PASSWORD, "phone"),
        ("nonsense", PASSWORD, "phone"),
    ],
)
async def test_a_wrong_login_and_a_wrong_password_look_the_same(
    client: httpx.AsyncClient, units: Units, login: str, password: str, by: str
) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, phone="13911112222")
    response = await knock(client, agency, login, password, by)
    assert response.status_code == 401
    assert response.json() == {"code": "WRONG_CREDENTIALS", "message": "机构代码、账号或密码不正确", "facts": {}}
    assert "set-cookie" not in response.headers
    [entry] = await remembered(units, agency, "session.refused")
    assert (entry.outcome, entry.actor_id, entry.ip) == ("failed", None, "127.0.0.1")
    assert entry.facts == {"reason": "WRONG_CREDENTIALS", "login_by": by}


async def test_an_unknown_agency_is_a_wrong_credential_too(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    body = {"tenant_code": "nobody", "login_by": "employee_no", "login": "A001", "password": PASSWORD}
    response = await client.post(f"{API}/sessions", json=body)
    assert (response.status_code, response.json()["code"]) == (401, "WRONG_CREDENTIALS")
    assert await remembered(units, agency) == []


async def test_the_password_of_one_agency_opens_no_other(client: httpx.AsyncClient, units: Units) -> None:
    ours, theirs = await an_agency(units), await an_agency(units)
    await somebody_with_a_password(units, ours)
    assert (await knock(client, theirs)).status_code == 401


async def test_a_suspended_agency_is_turned_away(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units, state="suspended")
    await somebody_with_a_password(units, agency)
    response = await knock(client, agency)
    assert (response.status_code, response.json()["code"]) == (403, "TENANT_SUSPENDED")


async def test_a_leaver_is_told_so_only_by_the_right_password(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, state=PersonState.DISABLED)
    assert (await knock(client, agency, password="Wrong-Water-1")).json()["code"] == "WRONG_CREDENTIALS"
    response = await knock(client, agency)
    assert (response.status_code, response.json()["code"]) == (403, "PERSON_DISABLED")


async def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(
    client: httpx.AsyncClient, units: Units, watch: Watch
) -> None:
    agency = await an_agency(units)
    person_id = await somebody_with_a_password(units, agency)
    for _ in range(4):
        assert (await knock(client, agency, password="Wrong-Water-1")).status_code == 401
    until = (watch.now + timedelta(minutes=15)).isoformat().replace("+00:00", "Z")
    for password in ("Wrong-Water-1", PASSWORD):
        response = await knock(client, agency, password=password)
        assert (response.status_code, response.json()["code"]) == (423, "LOCKED_OUT")
        assert response.json()["facts"]["until"].replace("+00:00", "Z") == until
    [locked] = await remembered(units, agency, "person.locked_out")
    assert locked.target_id == str(person_id)
    assert len(await remembered(units, agency, "session.refused")) == 6
    watch.pass_by(minutes=15)
    await sign_in(client, agency)


async def test_each_further_lockout_lasts_twice_as_long_until_somebody_comes_in(
    client: httpx.AsyncClient, units: Units, watch: Watch
) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency)

    async def lock() -> None:
        for _ in range(5):
            await knock(client, agency, password="Wrong-Water-1")

    await lock()
    watch.pass_by(minutes=15)
    await lock()
    watch.pass_by(minutes=29)
    assert (await knock(client, agency)).status_code == 423
    watch.pass_by(minutes=1)
    await sign_in(client, agency)
    client.cookies.clear()
    await lock()
    watch.pass_by(minutes=15)
    await sign_in(client, agency)


async def test_a_right_password_forgives_the_wrong_ones_before(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency)
    for _ in range(3):
        for _ in range(4):
            assert (await knock(client, agency, password="Wrong-Water-1")).status_code == 401
        await sign_in(client, agency)


async def test_signing_in_is_remembered_with_who_and_from_where(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    person_id = await somebody_with_a_password(units, agency)
    client.headers["User-Agent"] = "Firefox"
    session = await sign_in(client, agency)
    [entry] = await remembered(units, agency, "session.opened")
    assert (entry.actor_id, entry.ip, entry.device) == (person_id, "127.0.0.1", "Firefox")
    assert (entry.target_id, entry.facts) == (session["id"], {"step": "complete"})


async def test_another_site_cannot_sign_somebody_in(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency)
    client.headers["Origin"] = "https://elsewhere.example"
    response = await knock(client, agency)
    assert (response.status_code, response.json()["code"]) == (403, "FORGED_REQUEST")
