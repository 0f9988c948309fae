"""The second factor: enrolled once, proven at every login, and never with the same code twice."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from pyotp.totp import TOTP

from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency, app_of
from tests.builders.sessions import API, a_second_browser, enrol, knock, sign_in, somebody_with_a_password


@pytest.fixture
async def agency(units: Units) -> Agency:
    """Return an agency with an auditor in it, who owes a second factor."""
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "auditor")
    return agency


async def prove(client: httpx.AsyncClient, **proof: str) -> httpx.Response:
    return await client.post(f"{API}/session/totp", json=proof)


async def enrolled(client: httpx.AsyncClient, agency: Agency, watch: Watch) -> tuple[TOTP, list[str]]:
    """Enrol the auditor, let a minute pass and bring her before the second question of a new login."""
    await sign_in(client, agency)
    phone, codes = await enrol(client, watch.now.timestamp())
    client.cookies.clear()
    watch.pass_by(minutes=1)
    session = await sign_in(client, agency)
    assert session["step"] == "totp"
    return phone, codes


def code_of(phone: TOTP, watch: Watch, seconds: int = 0) -> str:
    return phone.at(int(watch.now.timestamp()) + seconds)


async def test_an_administrator_enrols_before_the_desk_opens(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    session = await sign_in(client, agency)
    assert session["step"] == "totp_enrolment"
    assert session["permissions"] == {}
    refused = await client.get(f"{API}/sessions")
    assert (refused.status_code, refused.json()["code"]) == (403, "SESSION_INCOMPLETE")
    assert refused.json()["facts"] == {"step": "totp_enrolment"}
    offered = (await client.post(f"{API}/session/totp-enrolment")).json()
    assert offered["uri"].startswith("otpauth://totp/Anmi:")
    assert ElementTree.fromstring(offered["qr_svg"]).tag == "{http://www.w3.org/2000/svg}svg"
    confirmed = (
        await client.put(f"{API}/session/totp-enrolment", json={"code": TOTP(offered["secret"]).at(watch.now)})
    ).json()
    assert confirmed["session"]["step"] == "complete"
    assert confirmed["session"]["person"]["totp_enrolled"] is True
    assert "audit.read" in confirmed["session"]["permissions"]
    assert len(set(confirmed["recovery_codes"])) == 10
    assert len(await remembered(units, agency, "second_factor.enrolled")) == 1
    assert (await client.get(f"{API}/session")).json()["step"] == "complete"


async def test_a_wrong_first_code_enrols_nobody(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    early = await client.put(f"{API}/session/totp-enrolment", json={"code": "123456"})
    assert (early.status_code, early.json()["code"]) == (409, "NO_ENROLMENT_BEGUN")
    await client.post(f"{API}/session/totp-enrolment")
    wrong = await client.put(f"{API}/session/totp-enrolment", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "WRONG_CODE")
    assert (await client.get(f"{API}/session")).json()["step"] == "totp_enrolment"


async def test_in_the_demo_administrators_come_in_without(house_in_demo: httpx.AsyncClient, agency: Agency) -> None:
    assert (await sign_in(house_in_demo, agency))["step"] == "complete"


@pytest.fixture
def house_in_demo(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a browser before a house that shows demo data."""
    app_of(client).state.gate.demo = True
    return client


@pytest.mark.parametrize("seconds", [-30, 0, 30])
async def test_a_phone_may_be_a_step_ahead_or_behind(
    client: httpx.AsyncClient, agency: Agency, watch: Watch, seconds: int
) -> None:
    phone, _ = await enrolled(client, agency, watch)
    response = await prove(client, code=code_of(phone, watch, seconds))
    assert response.json()["step"] == "complete"
    assert (await client.get(f"{API}/sessions")).status_code == 200


@pytest.mark.parametrize("seconds", [-60, 60])
async def test_a_code_from_longer_ago_is_refused(
    client: httpx.AsyncClient, agency: Agency, watch: Watch, seconds: int
) -> None:
    phone, _ = await enrolled(client, agency, watch)
    assert (await prove(client, code=code_of(phone, watch, seconds))).json()["code"] == "WRONG_CODE"


async def test_a_code_seen_over_a_shoulder_does_not_work_again(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    phone, _ = await enrolled(client, agency, watch)
    code = code_of(phone, watch)
    async with a_second_browser(client) as second:
        await sign_in(second, agency)
        assert (await prove(client, code=code)).status_code == 200
        replayed = await prove(second, code=code)
        assert (replayed.status_code, replayed.json()["code"]) == (422, "WRONG_CODE")
        older = await prove(second, code=code_of(phone, watch, -30))
        assert older.json()["code"] == "WRONG_CODE"


async def test_five_wrong_codes_lock_the_account_and_end_the_session(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    phone, _ = await enrolled(client, agency, watch)
    for _ in range(4):
        assert (await prove(client, code="000000")).status_code == 422
    assert (await prove(client, code="000000")).status_code == 423
    over = await prove(client, code=code_of(phone, watch))
    assert (over.status_code, over.json()["code"]) == (401, "SESSION_ENDED")
    assert over.json()["facts"] == {"reason": "locked_out"}
    assert (await knock(client, agency)).status_code == 423
    refused = await remembered(units, agency, "second_factor.refused")
    assert [entry.outcome for entry in refused] == ["failed"] * 5
    assert len(await remembered(units, agency, "person.locked_out")) == 1


async def test_a_stolen_password_buys_no_further_guesses_at_the_code(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    await enrolled(client, agency, watch)
    for _ in range(4):
        assert (await prove(client, code="000000")).status_code == 422
        client.cookies.clear()
        await sign_in(client, agency)
    assert (await prove(client, code="000000")).status_code == 423


async def test_a_recovery_code_opens_once_however_it_is_written(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    _, codes = await enrolled(client, agency, watch)
    assert (await prove(client, recovery_code="00000-00000")).json()["code"] == "WRONG_CODE"
    written = codes[0].replace("-", " ").lower()
    assert (await prove(client, recovery_code=written)).json()["step"] == "complete"
    client.cookies.clear()
    await sign_in(client, agency)
    assert (await prove(client, recovery_code=codes[0])).json()["code"] == "WRONG_CODE"
    [used] = await remembered(units, agency, "recovery_code.used")
    assert used.facts == {"left": 9}


@pytest.mark.parametrize("body", [{}, {"code": "123456", "recovery_code": "AAAAA-AAAAA"}, {"code": "12345a"}])
async def test_a_proof_is_one_code_and_looks_like_one(
    client: httpx.AsyncClient, agency: Agency, watch: Watch, body: dict[str, Any]
) -> None:
    await enrolled(client, agency, watch)
    assert (await client.post(f"{API}/session/totp", json=body)).status_code == 422


async def test_the_second_question_is_not_skipped_by_enrolling_another_phone(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    await enrolled(client, agency, watch)
    assert (await client.post(f"{API}/session/totp-enrolment")).json()["code"] == "STEP_NOT_OWED"
    body = {"current_password": "x", "new_password": "Another-Lake-73"}
    assert (await client.post(f"{API}/session/password", json=body)).json()["code"] == "STEP_NOT_OWED"


async def test_a_new_phone_is_enrolled_with_the_old_one(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    phone, codes = await enrolled(client, agency, watch)
    await prove(client, code=code_of(phone, watch))
    watch.pass_by(minutes=1)
    assert (await client.post(f"{API}/session/totp-enrolment")).json()["code"] == "WRONG_CODE"
    offered = await client.post(f"{API}/session/totp-enrolment", json={"code": code_of(phone, watch)})
    new_phone = TOTP(offered.json()["secret"])
    confirmed = await client.put(f"{API}/session/totp-enrolment", json={"code": code_of(new_phone, watch)})
    assert confirmed.status_code == 200
    assert not set(confirmed.json()["recovery_codes"]) & set(codes)
    client.cookies.clear()
    watch.pass_by(minutes=1)
    await sign_in(client, agency)
    assert (await prove(client, code=code_of(phone, watch))).json()["code"] == "WRONG_CODE"
    assert (await prove(client, recovery_code=codes[0])).json()["code"] == "WRONG_CODE"
    assert (await prove(client, code=code_of(new_phone, watch))).status_code == 200
