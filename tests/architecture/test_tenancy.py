"""What belongs to another agency does not exist: 404 on every route that names a thing, whatever the caller may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from anmi.core.permissions import Scope
from anmi.core.rights import EVERYTHING
from anmi.entrypoints.http import create_app
from anmi.entrypoints.wiring import House
from anmi.identity.roles.models import CustomRole
from anmi.identity.sessions.models import Session
from anmi.identity.tokens.models import ApiToken
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.architecture.api import API, routes_of
from tests.architecture.bodies import smallest
from tests.builders.cases import a_phone
from tests.builders.money import a_debt, a_payment
from tests.builders.people import Agency, a_person, a_unit, an_agency, comes_in

# What a route must be sent so that it comes to look for the thing at all.
BODIES: dict[str, dict[str, Any]] = {
    "PATCH /identity/people/{id}": {"version": 1, "name": "张三"},
    "PUT /identity/people/{id}/grants": {"version": 1, "grants": []},
    "POST /identity/people/{id}/reveal": {"field": "phone", "reason": "核对"},
    "PATCH /identity/org-units/{id}": {"version": 1, "name": "甲"},
    "POST /identity/org-units/{id}/move": {"version": 1, "parent_id": str(new_id())},
    "PATCH /identity/roles/{code}": {"version": 1, "name_zh": "甲"},
    "POST /casework/statement-lines/{id}/match": {"case_id": str(new_id())},
    "PUT /quality/packs/{id}": {"version": 1, "note": "试一试", "changes": [{"id": "V01.menace", "off": True}]},
    "PUT /quality/scorecards/{id}": {
        "version": 1,
        "name": "甲",
        "criteria": [{"code": "a", "zh": "甲", "en": "A", "weight": 100, "rules": ["V01"]}],
    },
}
QUERY = {"note": "核对无误", "reason": "核对无误", "on": "2026-03-04"}

# The operator's routes name agencies, and are shut to every other agency as a whole.
NOT_ABOUT_A_TENANTS_THINGS = "/platform/"

# What things_of() makes and a caller of the same agency therefore finds.
MADE_WHOLE = "/identity/"
MADE = (
    "/casework/cases/{id}",
    "/casework/creditors/{id}",
    "/casework/debtors/{id}",
    "/casework/placements/{id}",
    "/workbench/contact-gate/cases/{id}",
)


@pytest.fixture
def app(house: House) -> FastAPI:
    return create_app(house=house)


async def things_of(units: Units, agency: Agency) -> dict[str, str]:
    """Make one of everything in an agency; return what each route's path may name."""
    person_id, session_id, token_id = await a_person(units, agency, "collector"), new_id(), new_id()
    unit_id = await a_unit(units, agency)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            CustomRole(
                tenant_id=agency.tenant_id,
                code="theirs",
                name_zh="别家的",
                name_en="Theirs",
                permissions=[],
                field_rights=[],
                version=1,
            )
        )
        unit.session.add(
            Session(
                id=session_id,
                tenant_id=agency.tenant_id,
                person_id=person_id,
                token_digest=session_id.bytes,
                step="complete",
                created_at=unit.now,
                last_seen_at=unit.now,
                expires_at=unit.now + timedelta(hours=1),
                ip="",
                device="",
            )
        )
        unit.session.add(
            ApiToken(
                id=token_id,
                tenant_id=agency.tenant_id,
                name="theirs",
                token_digest=token_id.bytes,
                permissions=[],
                scope=Scope.OWN,
                unit_id=agency.root_id,
                issued_by=person_id,
                issued_at=unit.now,
            )
        )
    case = await a_debt(units, agency)
    phone = await a_phone(units, agency, case.debtor_id)
    payment = await a_payment(units, agency, case)
    return {
        "/casework/cases/{id}": str(case.id),
        "/casework/creditors/products/{id}": str(case.product_id),
        "/casework/creditors/{id}": str(case.creditor_id),
        "/casework/debtors/{id}": str(case.debtor_id),
        "/casework/debtors/phones/{id}": str(phone.id),
        "/casework/placements/{id}": str(case.placement_id),
        "/casework/payments/{id}": str(payment.id),
        "/workbench/contact-gate/cases/{id}": str(case.id),
        # The rest of casework hangs on a case: whoever does not see the case finds none of it.
        "/casework/": str(new_id()),
        "/workbench/": str(new_id()),
        "/telephony/": str(new_id()),
        "/quality/": str(new_id()),
        "/identity/people/{id}": str(person_id),
        "/identity/org-units/{id}": str(unit_id),
        "/identity/roles/{code}": "theirs",
        "/identity/sessions/{id}": str(session_id),
        "/identity/tokens/{id}": str(token_id),
        "/system/jobs/{job_id}": "1",
    }


async def ask_everything(client: httpx.AsyncClient, app: FastAPI, things: dict[str, str]) -> dict[str, int]:
    """Call every route that names a thing; return the status of each."""
    found: dict[str, int] = {}
    for route in routes_of(app):
        path = route.path.removeprefix(API)
        if not route.names or path.startswith(NOT_ABOUT_A_TENANTS_THINGS):
            continue
        thing = next((name for stem, name in things.items() if path.startswith(stem)), None)
        assert thing is not None, f"{path}: say in things_of() what it names"
        named = re.sub(r"{\w+}", str(new_id()), path.replace(f"{{{route.names[0]}}}", thing))
        body = BODIES.get(f"{route.method} {path}") or smallest(app.openapi(), route.method, route.path)
        answer = await client.request(route.method, API + named, json=body, params=QUERY)
        found[f"{route.method} {path}"] = answer.status_code
    return found


async def test_things_of_another_agency_are_not_found_on_any_route(
    client: httpx.AsyncClient, units: Units, app: FastAPI
) -> None:
    ours, theirs = await an_agency(units), await an_agency(units)
    things = await things_of(units, theirs)
    comes_in(client, caller_in(ours))
    answers = await ask_everything(client, app, things)
    assert len(answers) > 15
    assert {route: status for route, status in answers.items() if status != 404} == {}


async def test_the_same_routes_find_what_is_ones_own(client: httpx.AsyncClient, units: Units, app: FastAPI) -> None:
    """Or the test above would hold for routes that never find anything."""
    for route in routes_of(app):
        path = route.path.removeprefix(API)
        is_made = path in MADE or path.startswith(MADE_WHOLE)
        if not route.names or not is_made or path.startswith("/identity/sessions"):
            continue
        ours = await an_agency(units)
        things = await things_of(units, ours)
        comes_in(client, caller_in(ours))
        thing = next(name for stem, name in things.items() if path.startswith(stem))
        named = re.sub(r"{\w+}", str(new_id()), path.replace(f"{{{route.names[0]}}}", thing))
        body = BODIES.get(f"{route.method} {path}") or smallest(app.openapi(), route.method, route.path)
        answer = await client.request(route.method, API + named, json=body, params=QUERY)
        assert answer.status_code != 404, f"{route.method} {path}"


def caller_in(agency: Agency, person_id: UUID | None = None) -> Caller:
    return Caller(
        CallerKind.PERSON, agency.tenant_id, person_id or new_id(), agency.root_id, new_id(), rights=EVERYTHING
    )
