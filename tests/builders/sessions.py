"""Coming in, for tests: somebody with a password, and a browser that signs in with it as a real one does."""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from uuid import UUID

import httpx
from pyotp.totp import TOTP

from anmi.kit.passwords import hash_now
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency, a_person

PASSWORD: Final = "Kalm-Water-82"

hashed = cache(hash_now)

API: Final = "/api/v1/identity"


async def somebody_with_a_password(units: Units, agency: Agency, *roles: str, **facts: Any) -> UUID:
    """Give somebody an account and the password `PASSWORD`; her employee number is `A001` unless said otherwise."""
    facts = {"employee_no": "A001", "password_hash": hashed(PASSWORD)} | facts
    return await a_person(units, agency, *roles, **facts)


async def knock(
    client: httpx.AsyncClient, agency: Agency, login: str = "A001", password: str = PASSWORD, by: str = "employee_no"
) -> httpx.Response:
    """Try to sign in."""
    body = {"tenant_code": agency.code, "login_by": by, "login": login, "password": password}
    return await client.post(f"{API}/sessions", json=body)


async def sign_in(client: httpx.AsyncClient, agency: Agency, login: str = "A001", **how: str) -> dict[str, Any]:
    """Sign in and send the CSRF token from now on, as our pages do; return the session."""
    response = await knock(client, agency, login, **how)
    assert response.status_code == 201, response.text
    session = response.json()
    client.headers["X-CSRF-Token"] = session["csrf_token"]
    return session


def a_second_browser(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return another browser before the same application, with no cookies yet."""
    return httpx.AsyncClient(transport=client._transport, base_url=client.base_url)


async def enrol(client: httpx.AsyncClient, at: float) -> tuple[TOTP, list[str]]:
    """Enrol a phone for whoever is signed in; return the phone and the recovery codes."""
    offered = (await client.post(f"{API}/session/totp-enrolment")).json()
    phone = TOTP(offered["secret"])
    confirmed = await client.put(f"{API}/session/totp-enrolment", json={"code": phone.at(at)})
    assert confirmed.status_code == 200, confirmed.text
    return phone, confirmed.json()["recovery_codes"]
