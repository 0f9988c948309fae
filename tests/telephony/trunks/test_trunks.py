"""Trunks: taken into use, changed, chosen by rank, left alone when they fail; their secrets shown to nobody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from anmi.core.call_legs import Ending
from anmi.kit.audit import AuditEntry
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from anmi.telephony.engines.models import EngineOrder
from anmi.telephony.trunks.models import Trunk, TrunkState
from anmi.telephony.trunks.service import NoTrunk, Trunks, switch_name, trunk_id_of
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, an_agency, signed_in_as
from tests.builders.phone import a_call, a_trunk, an_engine

ROOM = "/api/v1/telephony/trunks"
BODY: dict[str, Any] = {
    "name": "电信一线",
    "carrier": "演示电信",
    "licence": "演示合同 2026-01",
    "host": "sip.example.invalid:5060",
    "username": "anmi",
    "secret": "s3cret-word",
    "capacity": 30,
    "reasons": {"sip:403": "suspended"},
}


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def administrator(units: Units, agency: Agency) -> UUID:
    return await a_person(units, agency, "phone_administrator")


async def chosen(units: Units, agency: Agency, engine_id: UUID | None = None) -> str:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        trunk = await Trunks(unit).choose(engine_id)
        return (await Trunks(unit).get(trunk.id)).trunk.name


async def ended(units: Units, agency: Agency, trunk: Trunk, ending: Ending) -> Trunk:
    call: Call = await a_call(units, agency, trunk_id=trunk.id, ending=ending)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Trunks(unit).heard(call.id, ending)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Trunk, trunk.id)


async def test_the_secret_of_a_trunk_reaches_its_engine_and_nobody_else(
    client: httpx.AsyncClient, units: Units, agency: Agency, administrator: UUID
) -> None:
    engine = await an_engine(units, agency)
    await signed_in_as(client, units, agency, administrator)
    added = await client.post(ROOM, json=BODY)
    assert added.status_code == 201, added.text
    seen = added.json()
    assert (seen["has_secret"], seen["state"], seen["calls_now"]) == (True, "active", 0)
    assert "s3cret" not in added.text + (await client.get(ROOM)).text
    async with units.begin(the_system(agency.tenant_id)) as unit:
        kept = await unit.session.get_one(Trunk, UUID(seen["id"]))
        assert kept.secret_sealed is not None
        assert b"s3cret" not in kept.secret_sealed
        (account,) = await Trunks(unit).accounts(engine.id)
        entries = await unit.session.scalars(select(AuditEntry.facts).where(AuditEntry.action == "trunk.added"))
        assert "s3cret" not in str(list(entries))
    assert (account.trunk, account.secret, account.username) == (switch_name(UUID(seen["id"])), "s3cret-word", "anmi")
    assert account.reasons == (("sip:403", "suspended"),)
    assert trunk_id_of(account.trunk) == UUID(seen["id"])


async def test_engines_are_told_of_every_change(
    client: httpx.AsyncClient, units: Units, agency: Agency, administrator: UUID
) -> None:
    engine = await an_engine(units, agency)
    await signed_in_as(client, units, agency, administrator)
    seen = (await client.post(ROOM, json=BODY)).json()
    paused = await client.patch(f"{ROOM}/{seen['id']}", json={"version": 1, "state": "paused", "capacity": 5})
    assert (paused.json()["state"], paused.json()["capacity"], paused.json()["name"]) == ("paused", 5, "电信一线")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        orders = await unit.session.scalars(select(EngineOrder.order).where(EngineOrder.engine_id == engine.id))
        assert list(orders) == [{"kind": "TrunkChanged", "trunk_id": seen["id"]}] * 2
        assert await Trunks(unit).account(UUID(seen["id"]), engine.id) is None


async def test_an_edit_of_an_old_version_a_taken_name_and_an_ended_trunk_are_refused(
    client: httpx.AsyncClient, units: Units, agency: Agency, administrator: UUID
) -> None:
    await signed_in_as(client, units, agency, administrator)
    path = f"{ROOM}/{(await client.post(ROOM, json=BODY)).json()['id']}"
    assert (await client.post(ROOM, json=BODY)).json()["code"] == "TRUNK_NAME_TAKEN"
    assert (await client.patch(path, json={"version": 7, "rank": 1})).json()["code"] == "STALE_VERSION"
    nowhere = {"version": 1, "engine_id": str(agency.root_id)}
    assert (await client.patch(path, json=nowhere)).json()["code"] == "UNKNOWN_ENGINE"
    assert (await client.patch(path, json={"version": 1, "state": "ended"})).status_code == 200
    assert (await client.patch(path, json={"version": 2, "state": "active"})).json()["code"] == "TRUNK_ENDED"


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": "sip.example.invalid\nsecret=1"},
        {"host": "a b"},
        {"secret": "half;comment"},
        {"username": "a]b"},
        {"codecs": []},
        {"codecs": ["gsm; x"]},
        {"reasons": {"sip:200": "busy"}},
        {"reasons": {"sip:403": "whatever"}},
        {"capacity": 0},
    ],
)
async def test_nothing_strange_gets_into_the_configuration_of_a_switch(
    client: httpx.AsyncClient, units: Units, agency: Agency, administrator: UUID, wrong: dict[str, Any]
) -> None:
    await signed_in_as(client, units, agency, administrator)
    assert (await client.post(ROOM, json=BODY | wrong)).status_code == 422


async def test_a_supervisor_neither_sees_nor_changes_trunks(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await signed_in_as(client, units, agency, await a_person(units, agency, "supervisor"))
    assert (await client.get(ROOM)).status_code == 403
    await signed_in_as(client, units, agency, await a_person(units, agency, "operations"))
    assert (await client.get(ROOM)).status_code == 200
    assert (await client.post(ROOM, json=BODY)).status_code == 403


async def test_the_lowest_rank_that_is_open_and_has_room_is_dialled_over(units: Units, agency: Agency) -> None:
    engine, other = await an_engine(units, agency), await an_engine(units, agency)
    await a_trunk(units, agency, "停用", rank=0, state=TrunkState.PAUSED)
    first = await a_trunk(units, agency, "一线", rank=1, capacity=1)
    await a_trunk(units, agency, "二线", rank=2, engine_id=other.id)
    await a_trunk(units, agency, "三线", rank=3)
    assert await chosen(units, agency) == "一线"
    await a_call(units, agency, trunk_id=first.id, is_over=False)
    assert await chosen(units, agency) == "二线"
    assert await chosen(units, agency, engine.id) == "三线"
    assert await chosen(units, agency, other.id) == "二线"


async def test_a_trunk_that_fails_three_times_is_passed_over_until_it_has_rested(
    units: Units, agency: Agency, watch: Watch
) -> None:
    main = await a_trunk(units, agency, "一线", rank=1)
    await a_trunk(units, agency, "备线", rank=2)
    for _ in range(3):
        await ended(units, agency, main, Ending.CONGESTED)
    assert await chosen(units, agency) == "备线"
    watch.pass_by(seconds=31)
    assert await chosen(units, agency) == "一线"
    healed = await ended(units, agency, main, Ending.NO_ANSWER)
    assert (healed.failures, healed.rests_until) == (0, None)


async def test_without_a_usable_trunk_nothing_is_dialled(units: Units, agency: Agency) -> None:
    with pytest.raises(NoTrunk):
        await chosen(units, agency)


async def test_a_call_that_was_never_dialled_says_nothing_of_a_trunk(units: Units, agency: Agency) -> None:
    call = await a_call(units, agency, trunk_id=None)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await Trunks(unit).heard(call.id, Ending.CONGESTED)


@pytest.mark.parametrize("name", ["", "trunk-", "trunk-x", "other", "trunk-123"])
def test_a_name_that_is_no_trunk_of_ours_is_none(name: str) -> None:
    assert trunk_id_of(name) is None
