"""Opening runs: numbers screened, cases opened by rule, gone on with where they were broken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text

from anmi.adapters.screening.rehearsal import RehearsalScreening
from anmi.casework.cases.models import Case, CaseEvent
from anmi.casework.debtors.models import Debtor, Phone, SuppressedNumber
from anmi.casework.holds.models import SpecialFlagRow
from anmi.casework.opening import batches
from anmi.casework.opening.models import NumberCheck
from anmi.casework.opening.tasks import OPEN_CASES
from anmi.casework.placements.models import Placement, PlacementState
from anmi.core.case_life import Event, State
from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer
from anmi.kit.caller import the_system
from anmi.kit.errors import Unavailable
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.cases import a_case, a_debtor, a_phone, a_placement
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency, comes_in, somebody

PATH = "/api/v1/casework"
ACTIVE, EMPTY, OFF = "13700000010", "13700000065", "13700000085"  # as the rehearsal knows them


class Asked:
    """A vendor that remembers what it was asked, and fails as often as it is told to."""

    vendor = "asked"

    def __init__(self, failures: int = 0) -> None:
        self.numbers: list[str] = []
        self.failures = failures

    async def screen(self, numbers: Sequence[PhoneNumber]) -> Mapping[PhoneNumber, NumberAnswer]:
        if self.failures:
            self.failures -= 1
            raise Unavailable("number_screening", "HTTP 503")
        self.numbers += [number.digits for number in numbers]
        return await RehearsalScreening().screen(numbers)


class Placed:
    """A placement whose cases wait to be opened."""

    def __init__(self, units: Units, agency: Agency, placement: Placement, client: httpx.AsyncClient) -> None:
        self.units, self.agency, self.placement, self.client = units, agency, placement, client

    async def case(self, *numbers: str, relation: Relation = Relation.DEBTOR, **facts: Any) -> Case:
        debtor = await a_debtor(self.units, self.agency)
        state = NumberState.UNKNOWN
        for number in numbers:
            await a_phone(self.units, self.agency, debtor, number, relation=relation, state=state)
        facts = {"state": State.AWAITING_OPENING, "placement": self.placement, "debtor": debtor} | facts
        return await a_case(self.units, self.agency, **facts)

    async def start(self) -> dict[str, Any]:
        answer = await self.client.post(f"{PATH}/placements/{self.placement.id}/opening-runs")
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def work(self, run: dict[str, Any], screening: Any, attempt: int = 0) -> None:
        job = Run(self.units, the_system(self.agency.tenant_id), attempt)
        await OPEN_CASES.work(job, run_id=run["id"], screening=screening)

    async def opened(self, run: dict[str, Any]) -> dict[UUID, dict[str, Any]]:
        answer = await self.client.get(f"{PATH}/opening-runs/{run['id']}/cases")
        return {UUID(each["case_id"]): each for each in answer.json()["items"]}

    async def seen(self, run: dict[str, Any]) -> dict[str, Any]:
        return (await self.client.get(f"{PATH}/opening-runs/{run['id']}")).json()

    async def rows(self, model: Any) -> list[Any]:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            return list(await unit.session.scalars(select(model)))

    async def put(self, row: Any) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            unit.session.add(row)


@pytest.fixture
async def placed(units: Units, client: httpx.AsyncClient) -> Placed:
    agency = await an_agency(units)
    comes_in(client, somebody(agency))
    return Placed(units, agency, await a_placement(units, agency), client)


async def test_a_placement_is_opened_and_says_who_can_be_reached(placed: Placed) -> None:
    reachable = await placed.case(ACTIVE, EMPTY, owing="60000.00")
    dead = await placed.case("13700000165", bucket="M3")
    unknown = await placed.case(OFF)
    without = await placed.case()
    run = await placed.start()
    assert (run["state"], run["cases_total"]) == ("running", 4)
    await placed.work(run, Asked())
    seen = await placed.seen(run)
    assert (seen["state"], seen["cases_done"]) == ("done", 4)
    assert seen["figures"] == {"reachable": 1, "dead": 2, "unknown": 1}
    opened = await placed.opened(run)
    assert next(iter(opened)) == reachable.id
    assert (opened[reachable.id]["reach"], opened[reachable.id]["rules"]) == ("reachable", ["reachable", "large"])
    assert (opened[reachable.id]["priority"], opened[reachable.id]["stage"]) == (50, "early")
    assert (opened[dead.id]["reach"], opened[dead.id]["stage"]) == ("dead", "middle")
    assert (opened[unknown.id]["reach"], opened[without.id]["reach"]) == ("unknown", "dead")
    kept = {case.id: case for case in await placed.rows(Case)}
    assert {case.state for case in kept.values()} == {State.AWAITING_ALLOCATION}
    assert (kept[reachable.id].priority, kept[reachable.id].stage) == (50, "early")
    assert [each.event for each in await placed.rows(CaseEvent) if each.case_id == dead.id] == [
        Event.SCREENING_STARTED,
        Event.OPENED,
    ]
    phones = {phone.debtor_id: phone for phone in await placed.rows(Phone)}
    assert (phones[dead.debtor_id].state, phones[dead.debtor_id].state_source) == (NumberState.EMPTY, "asked")
    assert phones[dead.debtor_id].carrier == "移动"
    assert len(await remembered(placed.units, placed.agency, "opening.started")) == 1


async def test_a_run_puts_its_job_up_with_it(placed: Placed) -> None:
    await placed.case(ACTIVE)
    run = await placed.start()
    async with placed.units.begin(the_system(placed.agency.tenant_id)) as unit:
        query = text("SELECT convert_from(payload, 'UTF8') FROM pgqueuer WHERE entrypoint = 'opening.run'")
        assert run["id"] in (await unit.session.execute(query)).scalar_one()


async def test_only_numbers_of_the_debtors_own_are_asked_for_once_and_none_that_is_suppressed(placed: Placed) -> None:
    await placed.case(ACTIVE)
    await placed.case(ACTIVE)  # two debtors share a number
    await placed.case("13700000020", relation=Relation.RELATED_THIRD_PARTY)
    await placed.case("01062345678")
    suppressed = await placed.case("13700000030")
    index = next(phone for phone in await placed.rows(Phone) if phone.debtor_id == suppressed.debtor_id).number_index
    await placed.put(
        SuppressedNumber(
            id=new_id(),
            tenant_id=placed.agency.tenant_id,
            number_sealed=b"",
            number_index=index,
            reason="",
            at=placed.units.clock(),
        )
    )
    vendor, run = Asked(), await placed.start()
    await placed.work(run, vendor)
    assert vendor.numbers == [ACTIVE]
    assert (await placed.opened(run))[suppressed.id]["reach"] == "dead"


async def test_an_answer_is_relied_on_as_long_as_it_holds_and_a_wrong_party_stays_one(
    placed: Placed, watch: Watch
) -> None:
    first = await placed.case(EMPTY)
    vendor = Asked()
    await placed.work(await placed.start(), vendor)
    await placed.case(debtor=await debtor_of(placed, first))
    wrong = await placed.case(ACTIVE)
    async with placed.units.begin(the_system(placed.agency.tenant_id)) as unit:
        phone = (await unit.session.scalars(select(Phone).where(Phone.debtor_id == wrong.debtor_id))).one()
        phone.state = NumberState.WRONG_PARTY
    await placed.work(await placed.start(), vendor)
    assert vendor.numbers == [EMPTY]
    watch.pass_by(days=31)
    await placed.case(debtor=await debtor_of(placed, first))
    await placed.work(await placed.start(), vendor)
    assert vendor.numbers == [EMPTY, EMPTY]
    (check, *_) = await placed.rows(NumberCheck)
    assert (check.state, check.vendor, check.valid_until - check.checked_at) == (
        NumberState.EMPTY,
        "asked",
        timedelta(days=30),
    )


async def debtor_of(placed: Placed, case: Case) -> Any:
    return next(debtor for debtor in await placed.rows(Debtor) if debtor.id == case.debtor_id)


async def test_special_groups_and_linked_debtors_are_told_apart(placed: Placed) -> None:
    special = await placed.case(ACTIVE)
    await placed.put(
        SpecialFlagRow(
            id=new_id(),
            tenant_id=placed.agency.tenant_id,
            debtor_id=special.debtor_id,
            flag="elderly",
            note="",
            flagged_at=placed.units.clock(),
            version=1,
        )
    )
    linked = await placed.case(debtor=await debtor_of(placed, special))
    run = await placed.start()
    await placed.work(run, Asked())
    opened = await placed.opened(run)
    assert opened[special.id]["rules"] == opened[linked.id]["rules"] == ["reachable", "linked", "special_group"]


async def test_a_run_goes_on_where_it_was_broken_off_and_opens_nothing_twice(placed: Placed) -> None:
    cases = [await placed.case(ACTIVE if number % 2 else EMPTY) for number in range(3)]
    run = await placed.start()
    async with placed.units.begin(the_system(placed.agency.tenant_id)) as unit:
        batch = await batches.take(unit, UUID(run["id"]))
    assert batch is not None
    assert {case.state for case in await placed.rows(Case)} == {State.NUMBER_SCREENING}
    async with placed.units.begin(the_system(placed.agency.tenant_id)) as unit:
        (await unit.session.get_one(Case, cases[0].id)).state = State.RECALLED
    await placed.work(run, Asked())  # another worker takes it up
    async with placed.units.begin(the_system(placed.agency.tenant_id)) as unit:
        await batches.put(unit, UUID(run["id"]), batch, {}, "late")
    assert (await placed.seen(run))["cases_done"] == len(await placed.opened(run)) == 2


async def test_a_vendor_that_stays_silent_ends_the_run_with_its_fault_and_the_next_run_goes_on(placed: Placed) -> None:
    await placed.case(ACTIVE)
    run, vendor = await placed.start(), Asked(failures=2)
    again = await placed.client.post(f"{PATH}/placements/{placed.placement.id}/opening-runs")
    assert (again.status_code, again.json()["code"]) == (409, "OPENING_UNDER_WAY")
    with pytest.raises(Unavailable):
        await placed.work(run, vendor, attempt=0)
    assert (await placed.seen(run))["state"] == "running"
    with pytest.raises(Unavailable):
        await placed.work(run, vendor, attempt=4)
    seen = await placed.seen(run)
    assert (seen["state"], seen["fault"]) == ("failed", "number_screening is unavailable: HTTP 503")
    following = await placed.start()
    await placed.work(following, vendor)
    assert (await placed.seen(following))["figures"]["reachable"] == 1


async def test_without_a_vendor_cases_are_opened_by_what_is_known(placed: Placed) -> None:
    await placed.case(ACTIVE)
    run = await placed.start()
    await placed.work(run, None)
    assert (await placed.seen(run))["figures"] == {"reachable": 0, "dead": 0, "unknown": 1}
    assert await placed.rows(NumberCheck) == []


@pytest.mark.parametrize(
    ("state", "code"),
    [(PlacementState.PAUSED, "OPENING_PLACEMENT_NOT_ACTIVE"), (PlacementState.ACTIVE, "NOTHING_TO_OPEN")],
)
async def test_a_placement_that_has_nothing_to_open_is_not_opened(
    placed: Placed, state: PlacementState, code: str
) -> None:
    placement = await a_placement(placed.units, placed.agency, state=state)
    answer = await placed.client.post(f"{PATH}/placements/{placement.id}/opening-runs")
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    comes_in(placed.client, somebody(await an_agency(placed.units)))
    assert (await placed.client.post(f"{PATH}/placements/{placement.id}/opening-runs")).status_code == 404
    assert (await placed.client.get(f"{PATH}/placements/{placement.id}/opening-runs")).status_code == 404


async def test_an_agency_edits_its_rules_and_the_next_run_follows_them(placed: Placed) -> None:
    kept = (await placed.client.get(f"{PATH}/opening/rules")).json()
    assert (kept["version"], kept["rules"][0]["code"]) == (0, "reachable")
    rule = {"code": "due", "zh": "到期前", "en": "Before it is due", "when": {"due_back_within": 90}}
    own = [rule | {"stage": "late", "priority": 7}, rule | {"code": "other", "stage": "no_such_stage", "priority": 1}]
    written = await placed.client.put(f"{PATH}/opening/rules", json={"version": 0, "rules": own})
    assert (written.status_code, written.json()["version"]) == (200, 1)
    stale = await placed.client.put(f"{PATH}/opening/rules", json={"version": 0, "rules": own})
    assert (stale.status_code, stale.json()["code"]) == (409, "STALE_VERSION")
    case = await placed.case(ACTIVE, due_back_on=date(2026, 6, 1))
    run = await placed.start()
    await placed.work(run, Asked())
    opened = (await placed.opened(run))[case.id]
    assert (opened["stage"], opened["priority"], opened["rules"]) == ("late", 8, ["due", "other"])
    for bad in ({"when": {"reach": ["maybe"]}}, {"when": {"moon": 1}}, {"priority": 5000}, {"when": {"dpd_to": "x"}}):
        refused = await placed.client.put(f"{PATH}/opening/rules", json={"version": 1, "rules": [rule | bad]})
        assert (refused.status_code, refused.json()["code"]) == (422, "OPENING_RULES_UNREADABLE")
    assert (await placed.client.get(f"{PATH}/opening/rules")).json()["version"] == 1
