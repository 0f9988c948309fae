"""A collector can by no route see, count or infer cases outside her scope.

Every GET route of casework and workbench is asked, bare and with every filter that could point at somebody else's case,
before and after a colleague's case and all that hangs on it come into being: she is told the same both times. New
routes are walked as they grow.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi.routing import APIRoute

from anmi.casework.activities.service import Activities, Disposition, PromiseSaid
from anmi.casework.cases.models import Case
from anmi.casework.holds.service import Holds
from anmi.casework.payments.service import PaymentClaim, Payments
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.money import Money
from anmi.core.permissions import Scope
from anmi.core.special_groups import SpecialGroup
from anmi.core.work_orders import WorkOrderKind
from anmi.entrypoints.routes import ROUTERS
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.workbench.work_orders.service import WorkOrders
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement
from tests.builders.people import Agency, a_person, a_unit, an_agency, signed_in_as

API = "/api/v1"
WALKED = re.compile(r"^/(casework|workbench)/")
NUMBER, ID_NUMBER, NAME, SERIAL, ACCOUNT = "13700008642", "330106199005170019", "贾秘密", "SECRET-1", "6222000098765432"


def routes() -> list[APIRoute]:
    found = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [route for route in found if "GET" in route.methods and WALKED.match(route.path)]


class Hidden:
    """What a colleague holds, by every name somebody could ask for it."""

    def __init__(self, case: Case, lan: UUID, team: UUID, ids: dict[str, UUID]) -> None:
        self.values: dict[str, list[str]] = {
            "holder_id": [str(lan)],
            "by": [str(lan)],
            "collector_id": [str(lan)],
            "person_id": [str(lan)],
            "assignee_id": [str(lan)],
            "unit_id": [str(team)],
            "case_id": [str(case.id)],
            "creditor_id": [str(case.creditor_id)],
            "placement_id": [str(case.placement_id)],
            "product_id": [str(case.product_id)],
            "debtor_id": [str(case.debtor_id)],
            "q": [NUMBER, NUMBER[-4:], ID_NUMBER, ID_NUMBER[-4:], NAME, SERIAL, ACCOUNT, ACCOUNT[-4:]],
        }
        self.ids = {"case": case.id, "debtor": case.debtor_id, "placement": case.placement_id, **ids}

    def questions(self, route: APIRoute) -> Iterator[tuple[str, dict[str, str]]]:
        """Ask a route for everything there is, and for what is hidden, in each way it knows."""
        names = {parameter.alias for parameter in _query_parameters(route)}
        queries: list[dict[str, str]] = [{}]
        queries += [{name: value} for name in sorted(names & self.values.keys()) for value in self.values[name]]
        if "pool" in names:
            queries += [{"pool": "true"}, {"hold": "true"}, {"special": "true"}, {"sort": "-owing"}]
        places = re.findall(r"{(\w+)}", route.path)
        for chosen in itertools.product(self.ids.values(), repeat=min(len(places), 1)):
            path = route.path
            for place in places:
                path = path.replace("{" + place + "}", str(chosen[0]))
            for query in queries:
                yield API + path, query


def _query_parameters(route: APIRoute) -> Iterator[Any]:
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        for parameter in dependant.query_params:
            model = parameter.field_info.annotation
            fields = getattr(model, "model_fields", None)
            if fields is None:
                yield parameter
                continue
            for name, field in fields.items():
                yield type("Parameter", (), {"alias": field.alias or name})
        waiting += dependant.dependencies


async def a_hidden_case(units: Units, agency: Agency) -> Hidden:
    """Let a colleague in another team hold a case with a promise, a payment, a hold, a flag and an order."""
    team = await a_unit(units, agency, "二组")
    lan = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN, name="兰同事")
    debtor = await a_debtor(units, agency, NAME, ID_NUMBER)
    phone = await a_phone(units, agency, debtor, NUMBER)
    placement = await a_placement(units, agency)
    facts: dict[str, Any] = {"unit_id": team, "placement": placement, "debtor": debtor}
    case = await a_case(units, agency, holder=lan, serial_no=SERIAL, account_no=ACCOUNT, **facts)
    await a_case(units, agency, placement=placement, debtor=debtor, serial_no="SECRET-2")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        said = Disposition("OB", "PTP", "秘密备注", promise=PromiseSaid(Money(100), unit.now.date()))
        recorded = await Activities(unit).record(case.id, said)
        payment = await Payments(unit).claim(case.id, PaymentClaim(Money(50), unit.now.date(), reference="SECRET-3"))
        hold = await Holds(unit).place(case.id, HoldReason.DISPUTE, "秘密备注")
        await Holds(unit).flag_debtor(debtor.id, SpecialGroup.ELDERLY, "秘密备注")
        order = await WorkOrders(unit).open(WorkOrderKind.OTHER, "秘密工单", "", case.id)
        assert recorded.promise is not None
        ids = {
            "phone": phone.id,
            "activity": recorded.activity.id,
            "promise": recorded.promise.id,
            "payment": payment.id,
            "hold": hold.id,
            "order": order.id,
            "person": lan,
        }
    return Hidden(case, lan, team, ids)


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def mei(units: Units, agency: Agency) -> UUID:
    """Return a collector with a case of her own, so that no list is empty for want of anything."""
    team = await a_unit(units, agency, "一组")
    mei = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN, name="梅小丽")
    await a_case(units, agency, holder=mei, unit_id=team, serial_no="MINE-1")
    return mei


async def test_a_colleagues_case_changes_nothing_she_is_told(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    await signed_in_as(client, units, agency, mei)
    bare = [API + route.path for route in routes() if "{" not in route.path]
    before = {path: (await client.get(path)).text for path in bare}
    hidden = await a_hidden_case(units, agency)
    await signed_in_as(client, units, agency, mei)
    for path in bare:
        assert (await client.get(path)).text == before[path], path
    assert any("MINE-1" in text for text in before.values())
    assert hidden.ids


async def test_asking_for_it_by_any_name_finds_nothing(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    hidden = await a_hidden_case(units, agency)
    await signed_in_as(client, units, agency, mei)
    asked = 0
    for route in routes():
        for path, query in hidden.questions(route):
            answer = await client.get(path, params=query)
            asked += 1
            told = answer.text
            for value in query.values():
                told = told.replace(value, "")
            where = f"{path} {query}"
            assert answer.status_code in {200, 403, 404, 422}, where
            assert "SECRET" not in told, where
            assert "秘密" not in told, where
            assert not any(str(each) in told for each in hidden.ids.values()), where
            if "{" in route.path:
                assert answer.status_code != 200, where
    assert asked > 50


async def test_a_filter_by_what_is_hidden_counts_nothing(
    client: httpx.AsyncClient, units: Units, agency: Agency, mei: UUID
) -> None:
    hidden = await a_hidden_case(units, agency)
    await signed_in_as(client, units, agency, mei)
    figures = f"{API}/casework/cases/figures"
    for name, values in hidden.values.items():
        for value in values:
            answer = await client.get(figures, params={name: value})
            if name in {"holder_id", "unit_id", "creditor_id", "placement_id", "product_id", "q"}:
                assert answer.json()["count"] == 0, name


async def test_a_supervisor_counts_her_own_team_and_no_other(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    hidden = await a_hidden_case(units, agency)
    team = await a_unit(units, agency, "三组")
    boss = await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM)
    await signed_in_as(client, units, agency, boss)
    for route in routes():
        for path, query in hidden.questions(route):
            told = (await client.get(path, params=query)).text
            for secret in ("SECRET-1", "秘密备注", "秘密工单", NAME, "兰同事", str(hidden.ids["case"])):
                if secret not in query.values():
                    assert secret not in told, f"{path} {query}"
