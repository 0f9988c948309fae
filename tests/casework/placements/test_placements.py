"""Placements: taken, paused, recalled by the creditor or handed back, and who still sees what was in them."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from anmi.casework.cases.events import CaseClosed
from anmi.casework.cases.models import Case, CaseEvent
from anmi.casework.placements import tasks
from anmi.casework.placements.models import Placement
from anmi.core.case_life import State
from anmi.core.permissions import Permission, Scope
from anmi.core.rights import Grant, rights_of
from anmi.core.roles import BUILT_IN_ROLES
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.events import Event
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import UnitOfWork, Units
from tests.builders.cases import a_case, a_creditor, a_placement, a_product
from tests.builders.people import Agency, a_person, an_agency, comes_in, somebody

WITHOUT_FILE = b'--x\r\nContent-Disposition: form-data; name="sheet"\r\n\r\ncases\r\n--x--\r\n'
API = "/api/v1/casework/placements"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def placement(units: Units, agency: Agency) -> Placement:
    return await a_placement(units, agency)


@pytest.fixture
async def operator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


async def test_a_placement_is_taken_and_found_again(operator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    creditor = await a_creditor(units, agency, code="YS", name="演示银行")
    product = await a_product(units, agency, creditor, name="信用卡")
    body = {"creditor_id": str(creditor.id), "product_id": str(product.id), "placed_on": "2026-03-05"}
    made = await operator.post(API, json=body | {"due_back_on": "2026-09-05"})
    assert made.status_code == 201, made.text
    seen = made.json()
    assert (seen["state"], seen["tier"], seen["figures"]["cases"]) == ("importing", 1, 0)
    assert seen["code"].startswith("YS-20260305-")
    listed = (await operator.get(API, params={"q": "演示", "creditor_id": str(creditor.id)})).json()
    assert [(row["code"], row["creditor"]["name"], row["product"]["name"]) for row in listed["items"]] == [
        (seen["code"], "演示银行", "信用卡")
    ]
    taken = await operator.post(API, json=body | {"code": seen["code"]})
    assert taken.json()["code"] == "PLACEMENT_CODE_TAKEN"
    early = await operator.post(API, json=body | {"due_back_on": "2026-03-04"})
    assert early.json()["code"] == "DUE_BACK_TOO_EARLY"
    other = await a_product(units, agency)
    wrong = await operator.post(API, json=body | {"product_id": str(other.id)})
    assert wrong.json()["code"] == "UNKNOWN_PRODUCT"


async def test_a_placement_is_paused_and_goes_on(operator: httpx.AsyncClient, placement: Placement) -> None:
    paused = await operator.post(f"{API}/{placement.id}/pause", json={"reason": "委托方要求"})
    assert paused.json()["state"] == "paused"
    again = await operator.post(f"{API}/{placement.id}/pause", json={"reason": "委托方要求"})
    assert (again.status_code, again.json()["code"]) == (409, "PLACEMENT_NOT_IN_STATE")
    resumed = await operator.post(f"{API}/{placement.id}/resume", json={"reason": "恢复作业"})
    assert resumed.json()["state"] == "active"


@pytest.mark.parametrize(("way", "state"), [("recall", State.RECALLED), ("return", State.RETURNED)])
async def test_what_is_taken_away_is_closed_in_one_go_and_the_rest_is_left(
    operator: httpx.AsyncClient, units: Units, agency: Agency, placement: Placement, way: str, state: State
) -> None:
    open_case = await a_case(units, agency, placement=placement, owing="100.00")
    waiting = await a_case(units, agency, placement=placement, state=State.AWAITING_OPENING)
    paid = await a_case(units, agency, placement=placement, state=State.PAID_IN_FULL)
    other = await a_case(units, agency)
    answer = await operator.post(f"{API}/{placement.id}/{way}", json={"reason": "到期"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == f"{way}ed"
    counts = {each["state"]: each["count"] for each in answer.json()["figures"]["by_state"]}
    assert counts == {state: 2, "paid_in_full": 1}
    async with units.begin(the_system(agency.tenant_id)) as unit:
        found = {case.id: case for case in await unit.session.scalars(select(Case))}
        assert found[paid.id].state is State.PAID_IN_FULL
        assert found[other.id].state is State.AWAITING_ALLOCATION
        closed = found[open_case.id]
        assert (closed.state, closed.closing_reason, closed.closed_at) == (state, state.value, unit.now)
        events = list(await unit.session.scalars(select(CaseEvent).order_by(CaseEvent.before)))
        assert [(event.case_id, event.before, event.after, event.reason) for event in events] == [
            (open_case.id, State.AWAITING_ALLOCATION, state, "到期"),
            (waiting.id, State.AWAITING_OPENING, state, "到期"),
        ]


async def test_a_collector_sees_nothing_of_a_case_that_was_recalled(
    client: httpx.AsyncClient, units: Units, agency: Agency, placement: Placement
) -> None:
    collector = await a_person(units, agency, "collector", scope=Scope.OWN)
    case = await a_case(units, agency, placement=placement, holder=collector)
    rights = rights_of([Grant(BUILT_IN_ROLES["collector"], Scope.OWN, agency.root_id)], {agency.root_id: None})
    hers = Caller(CallerKind.PERSON, agency.tenant_id, collector, agency.root_id, rights=rights)
    comes_in(client, hers)
    assert (await client.get(f"/api/v1/casework/cases/{case.id}")).status_code == 200
    comes_in(client, somebody(agency))
    await client.post(f"{API}/{placement.id}/recall", json={"reason": "委托方收回"})
    comes_in(client, hers)
    assert (await client.get(f"/api/v1/casework/cases/{case.id}")).status_code == 404
    assert (await client.get("/api/v1/casework/cases")).json()["items"] == []
    assert not rights.may(Permission.PLACEMENTS_READ)


async def test_what_stands_on_cases_that_were_taken_away_hears_of_each_of_them(
    operator: httpx.AsyncClient, units: Units, connection: AsyncConnection, agency: Agency, placement: Placement
) -> None:
    cases = [await a_case(units, agency, placement=placement) for _ in range(3)]
    await operator.post(f"{API}/{placement.id}/recall", json={"reason": "委托方收回"})
    heard: list[Event] = []

    async def hear(_: UnitOfWork, event: Event) -> None:
        heard.append(event)

    listening = Units(units.database, units.keyring, units.clock, hear, connection)
    run = Run(listening, the_system(agency.tenant_id), 0)
    await tasks.FOLLOW_CLOSING.work(run, placement_id=str(placement.id), at=units.clock().isoformat())
    assert {event.case_id for event in heard if isinstance(event, CaseClosed)} == {case.id for case in cases}


async def test_a_placement_that_has_ended_takes_no_files(operator: httpx.AsyncClient, placement: Placement) -> None:
    await operator.post(f"{API}/{placement.id}/return", json={"reason": "到期"})
    answer = await operator.post(f"{API}/{placement.id}/imports/uploads", files={"file": ("a.csv", b"x")})
    assert (answer.status_code, answer.json()["code"]) == (409, "PLACEMENT_TAKES_NO_FILES")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (WITHOUT_FILE, "multipart/form-data; boundary=x"),
    ],
)
async def test_a_form_that_is_none_is_refused(
    operator: httpx.AsyncClient, placement: Placement, body: bytes, kind: str
) -> None:
    answer = await operator.post(f"{API}/{placement.id}/imports/uploads", content=body, headers={"content-type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "BAD_UPLOAD")
