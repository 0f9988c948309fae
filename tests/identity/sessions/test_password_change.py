"""Changing one's own password: forced at first, checked against the policy and the past, and thrown to the others."""

from __future__ import annotations

from itertools import pairwise

import httpx
import pytest

from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency
from tests.builders.sessions import API, PASSWORD, a_second_browser, knock, sign_in, somebody_with_a_password


@pytest.fixture
async def agency(units: Units) -> Agency:
    """Return an agency with one person in it."""
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "supervisor")
    return agency


async def change(client: httpx.AsyncClient, new: str, current: str = PASSWORD) -> httpx.Response:
    return await client.post(f"{API}/session/password", json={"current_password": current, "new_password": new})


async def test_an_initial_password_is_changed_before_the_desk_opens(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "supervisor", must_change_password=True)
    assert (await sign_in(client, agency))["step"] == "password_change"
    assert (await client.get(f"{API}/people")).json()["code"] == "SESSION_INCOMPLETE"
    session = (await change(client, "Another-Lake-73")).json()
    assert session["step"] == "complete"
    assert "people.read" in session["permissions"]
    assert (await client.get(f"{API}/people")).status_code == 200
    assert (await knock(client, agency)).status_code == 401
    assert (await sign_in(client, agency, password="Another-Lake-73"))["step"] == "complete"
    assert len(await remembered(units, agency, "password.changed")) == 1


async def test_an_administrator_changes_the_password_and_then_enrols(client: httpx.AsyncClient, units: Units) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, "auditor", must_change_password=True)
    assert (await sign_in(client, agency))["step"] == "password_change"
    assert (await change(client, "Another-Lake-73")).json()["step"] == "totp_enrolment"


async def test_a_password_of_ninety_days_is_changed_at_the_next_login(
    client: httpx.AsyncClient, agency: Agency, watch: Watch
) -> None:
    watch.pass_by(days=89)
    assert (await sign_in(client, agency))["step"] == "complete"
    watch.pass_by(days=1)
    client.cookies.clear()
    assert (await sign_in(client, agency))["step"] == "password_change"


@pytest.mark.parametrize(
    ("new", "rules"),
    [
        ("Short-1", ["too_short"]),
        ("lowercase-only", ["too_few_classes"]),
        ("Calm-A001-Water", ["holds_employee_no"]),
        ("Calm-Water-1234", ["holds_run"]),
        ("Lake-13900004321", ["holds_phone", "holds_run"]),
        ("aB1-" * 40, ["too_long"]),
        (PASSWORD, ["used_before"]),
    ],
)
async def test_a_weak_password_is_refused_with_its_faults(
    client: httpx.AsyncClient, units: Units, new: str, rules: list[str]
) -> None:
    agency = await an_agency(units)
    await somebody_with_a_password(units, agency, phone="13900004321")
    await sign_in(client, agency)
    response = await change(client, new)
    assert (response.status_code, response.json()["code"]) == (422, "WEAK_PASSWORD")
    assert response.json()["facts"] == {"rules": rules}
    assert (await knock(client, agency)).status_code == 201


async def test_the_last_five_passwords_do_not_come_back(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    passwords = [PASSWORD, *(f"Another-Lake-{number}" for number in (71, 82, 93, 64, 75))]
    for current, new in pairwise(passwords):
        assert (await change(client, new, current)).status_code == 200
    for former in passwords[1:]:
        assert (await change(client, former, passwords[-1])).json()["facts"] == {"rules": ["used_before"]}
    assert (await change(client, PASSWORD, passwords[-1])).status_code == 200


async def test_wrong_current_passwords_are_counted_and_lock_in_the_end(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await sign_in(client, agency)
    for _ in range(4):
        assert (await change(client, "Another-Lake-73", "wrong")).json()["code"] == "WRONG_PASSWORD"
    assert (await change(client, "Another-Lake-73", "wrong")).status_code == 423
    assert (await client.get(f"{API}/session")).json()["code"] == "SESSION_ENDED"
    assert [entry.outcome for entry in await remembered(units, agency, "password.changed")] == ["failed"] * 5


async def test_a_changed_password_ends_the_other_sessions(client: httpx.AsyncClient, agency: Agency) -> None:
    await sign_in(client, agency)
    async with a_second_browser(client) as second:
        await sign_in(second, agency)
        await change(client, "Another-Lake-73")
        assert (await second.get(f"{API}/session")).json()["facts"] == {"reason": "password_changed"}
    assert (await client.get(f"{API}/session")).status_code == 200
