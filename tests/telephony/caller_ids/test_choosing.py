"""Which number is shown: the nearest that is fit, held so that nobody exceeds a ceiling together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from uuid import UUID

import pytest
from sqlalchemy import text

from anmi.core.caller_id_choice import Place
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.unit_of_work import Units
from anmi.telephony.caller_ids.service import CallerIds, Chosen, NoCallerId
from anmi.telephony.calls.models import Call, CallPhase, Direction
from anmi.telephony.engines.models import Engine
from anmi.telephony.trunks.models import TrunkState
from anmi.telephony.trunks.service import switch_name
from tests.builders.house import Watch
from tests.builders.people import Agency, a_unit, an_agency
from tests.builders.phone import a_caller_id, a_trunk, an_engine

HANGZHOU = Place("浙江", "杭州")
AT_ONCE = 12


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


async def chosen(units: Units, agency: Agency, place: Place = HANGZHOU, unit_id: UUID | None = None) -> Chosen:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await CallerIds(unit).choose(place, unit_id)


async def test_the_debtors_own_city_is_shown_over_its_own_trunk(units: Units, agency: Agency) -> None:
    trunk = await a_trunk(units, agency)
    await a_caller_id(units, agency, trunk, city="宁波")
    near = await a_caller_id(units, agency, trunk, city="杭州")
    await a_caller_id(units, agency, trunk, "95000001", city=None, province=None)
    choice = await chosen(units, agency)
    assert choice == Chosen(near.id, near.number, trunk.id, switch_name(trunk.id))
    assert (await chosen(units, agency, Place("江苏", "南京"))).number == "95000001"


async def test_a_number_goes_only_to_the_unit_it_was_given_to_and_those_below(units: Units, agency: Agency) -> None:
    trunk = await a_trunk(units, agency)
    branch = await a_unit(units, agency, "分公司")
    team = await a_unit(units, agency, "一组", parent_id=branch)
    other = await a_unit(units, agency, "二组")
    await a_caller_id(units, agency, trunk, unit_id=branch)
    assert (await chosen(units, agency, unit_id=team)).trunk_id == trunk.id
    for stranger in (other, None):
        with pytest.raises(NoCallerId) as refused:
            await chosen(units, agency, unit_id=stranger)
        assert refused.value.facts["reasons_zh"] == "分配给其他部门 1 个"


async def test_calls_of_today_count_and_those_of_yesterday_do_not(units: Units, agency: Agency, watch: Watch) -> None:
    trunk = await a_trunk(units, agency)
    first = await a_caller_id(units, agency, trunk, daily_ceiling=2)
    second = await a_caller_id(units, agency, trunk, daily_ceiling=2)
    for _day in range(2):
        # Whichever was shown less often comes next.
        shown = [(await chosen(units, agency)).caller_id_id for _ in range(4)]
        assert set(shown[:2]) == set(shown[2:]) == {first.id, second.id}
        with pytest.raises(NoCallerId, match="2 over its daily ceiling"):
            await chosen(units, agency)
        watch.pass_by(days=1)


async def test_after_it_was_shown_a_number_cools_down(units: Units, agency: Agency, watch: Watch) -> None:
    trunk = await a_trunk(units, agency)
    first = await a_caller_id(units, agency, trunk, cool_down_seconds=60)
    second = await a_caller_id(units, agency, trunk, cool_down_seconds=60)
    assert {(await chosen(units, agency)).caller_id_id for _ in range(2)} == {first.id, second.id}
    with pytest.raises(NoCallerId, match="2 cooling down"):
        await chosen(units, agency)
    watch.pass_by(seconds=60)
    await chosen(units, agency)


async def test_a_number_whose_trunk_cannot_be_used_gives_way_to_one_whose_can(units: Units, agency: Agency) -> None:
    paused = await a_trunk(units, agency, state=TrunkState.PAUSED)
    spare = await a_trunk(units, agency, rank=5)
    await a_caller_id(units, agency, paused, city="杭州")
    far = await a_caller_id(units, agency, spare, city="宁波")
    assert (await chosen(units, agency)).caller_id_id == far.id


async def test_where_nothing_is_leased_nothing_is_shown(units: Units, agency: Agency) -> None:
    with pytest.raises(NoCallerId, match="no number of this place"):
        await chosen(units, agency)


# ── at once: proven between connections, so committed, and taken away again afterwards ──

WRITTEN = ("calls", "caller_ids", "trunks", "org_units", "tenants")


@pytest.fixture
async def crowd(app_url: str, keyring: Keyring, watch: Watch) -> AsyncGenerator[tuple[Units, Agency, Engine]]:
    """Return units of work that each have a connection of their own."""
    database = Database(app_url, AT_ONCE)
    units = Units(database, keyring, watch)
    agency = await an_agency(units)
    engine = await an_engine(units, agency)
    yield units, agency, engine
    async with database.engine.begin() as connection:
        await connection.execute(
            text("SELECT set_config('anmi.tenant_id', :id, true), set_config('anmi.across_tenants', 'on', true)"),
            {"id": str(agency.tenant_id)},
        )
        for table in WRITTEN:
            column = "id" if table == "tenants" else "tenant_id"
            await connection.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": agency.tenant_id})
        await connection.execute(text("DELETE FROM engines WHERE id = :id"), {"id": engine.id})
    await database.close()


async def call_with(units: Units, agency: Agency, engine: Engine) -> UUID | None:
    """Choose a number and make the call that shows it, as one transaction."""
    try:
        async with units.begin(the_system(agency.tenant_id)) as unit:
            choice = await CallerIds(unit).choose(HANGZHOU, None)
            unit.session.add(
                Call(
                    id=new_id(),
                    tenant_id=agency.tenant_id,
                    direction=Direction.OUTBOUND,
                    phase=CallPhase.ASKED,
                    engine_id=engine.id,
                    number_masked="138****0000",
                    trunk_id=choice.trunk_id,
                    caller_id_id=choice.caller_id_id,
                    asked_at=unit.now,
                    held_seconds=0,
                    facts={},
                )
            )
            return choice.caller_id_id
    except NoCallerId:
        return None


async def test_of_many_who_choose_at_once_no_more_are_served_than_the_ceilings_allow(
    crowd: tuple[Units, Agency, Engine],
) -> None:
    units, agency, engine = crowd
    trunk = await a_trunk(units, agency, capacity=100)
    rows = [await a_caller_id(units, agency, trunk, daily_ceiling=ceiling) for ceiling in (3, 4)]
    shown = await asyncio.gather(*(call_with(units, agency, engine) for _ in range(AT_ONCE)))
    counts = Counter(shown)
    assert counts[rows[0].id] <= 3
    assert counts[rows[1].id] <= 4
    while (one := await call_with(units, agency, engine)) is not None:
        counts[one] += 1
    assert {row.id: counts[row.id] for row in rows} == {rows[0].id: 3, rows[1].id: 4}


async def test_of_many_who_choose_at_once_no_more_are_served_than_their_trunk_has_lines(
    crowd: tuple[Units, Agency, Engine],
) -> None:
    units, agency, engine = crowd
    trunk = await a_trunk(units, agency, capacity=3)
    for _ in range(AT_ONCE):
        await a_caller_id(units, agency, trunk)
    shown = await asyncio.gather(*(call_with(units, agency, engine) for _ in range(AT_ONCE)))
    assert len([one for one in shown if one is not None]) == 3
