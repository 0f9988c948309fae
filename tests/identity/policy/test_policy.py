"""The security policy: read, replaced, never below the floor, and in force at once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.people import Agency, a_person, an_agency, signed_in_as
from tests.builders.sessions import API

DEFAULTS = {
    "version": 0,
    "password": {"min_length": 10, "classes": 3, "history": 5, "max_age_days": 90},
    "lockout": {"attempts": 5, "minutes": 15},
    "session": {"idle_minutes": 30, "absolute_hours": 12, "single": False},
    "account": {"idle_days": 30},
    "totp_required_roles": [],
}


@pytest.fixture
async def agency(client: httpx.AsyncClient, units: Units) -> Agency:
    """Return an agency whose security administrator is signed in."""
    agency = await an_agency(units)
    await signed_in_as(client, units, agency, await a_person(units, agency, "security_administrator"))
    return agency


def with_part(part: str, **changes: Any) -> dict[str, Any]:
    return DEFAULTS | {part: {**DEFAULTS[part], **changes}}  # type: ignore[dict-item]


async def test_an_agency_that_set_nothing_has_the_defaults(client: httpx.AsyncClient, agency: Agency) -> None:
    assert (await client.get(f"{API}/policy")).json() == DEFAULTS


async def test_a_policy_is_replaced_and_the_log_keeps_both(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    stricter = with_part("password", min_length=14) | {"totp_required_roles": ["owner", "collector"]}
    answer = (await client.put(f"{API}/policy", json=stricter)).json()
    assert answer == stricter | {"version": 1, "totp_required_roles": ["collector", "owner"]}
    assert (await client.get(f"{API}/policy")).json() == answer
    again = await client.put(f"{API}/policy", json=answer | {"lockout": {"attempts": 3, "minutes": 60}})
    assert again.json()["version"] == 2
    first, second = await remembered(units, agency, "policy.changed")
    assert first.facts["before"]["password"]["min_length"] == 10
    assert first.facts["after"]["password"]["min_length"] == 14
    assert second.facts["before"]["lockout"] == {"attempts": 5, "minutes": 15}


async def test_nobody_overwrites_what_she_has_not_seen(client: httpx.AsyncClient, agency: Agency) -> None:
    assert (await client.put(f"{API}/policy", json=DEFAULTS | {"version": 7})).json()["code"] == "STALE_VERSION"
    await client.put(f"{API}/policy", json=DEFAULTS)
    assert (await client.put(f"{API}/policy", json=DEFAULTS)).status_code == 409


async def test_the_platforms_floor_cannot_be_undercut(client: httpx.AsyncClient, agency: Agency) -> None:
    lenient = with_part("password", min_length=7) | {"lockout": {"attempts": 100, "minutes": 15}}
    response = await client.put(f"{API}/policy", json=lenient)
    assert (response.status_code, response.json()["code"]) == (422, "POLICY_OUT_OF_BOUNDS")
    assert response.json()["facts"]["fields"] == [
        {"path": "password.min_length", "message": "8–64"},
        {"path": "lockout.attempts", "message": "3–10"},
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        with_part("password", min_length=-1),
        with_part("password", min_length="ten"),
        with_part("session", single=None),
        with_part("session", forever=True),
        DEFAULTS | {"totp_required_roles": ["Nobody!"]},
        {"version": 0},
    ],
)
async def test_what_is_no_policy_is_refused(client: httpx.AsyncClient, agency: Agency, wrong: dict[str, Any]) -> None:
    response = await client.put(f"{API}/policy", json=wrong)
    assert (response.status_code, response.json()["code"]) == (422, "INVALID")


@pytest.mark.parametrize(("role", "reads"), [("owner", 200), ("system_administrator", 403), ("collector", 403)])
async def test_only_the_security_administrator_sets_the_policy(
    client: httpx.AsyncClient, units: Units, agency: Agency, role: str, reads: int
) -> None:
    await signed_in_as(client, units, agency, await a_person(units, agency, role))
    assert (await client.get(f"{API}/policy")).status_code == reads
    assert (await client.put(f"{API}/policy", json=DEFAULTS)).status_code == 403
