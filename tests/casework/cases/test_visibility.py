"""Whose cases somebody sees."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from anmi.casework.cases.life import CaseLives
from anmi.casework.cases.models import Case
from anmi.casework.cases.visibility import restrict, sees, visible
from anmi.core.case_life import State
from anmi.core.permissions import Permission, Scope
from anmi.kit.errors import NotFound
from anmi.kit.unit_of_work import UnitOfWork, Units
from tests.builders.cases import a_case, a_placement
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


def is_seen(unit: UnitOfWork, case: Case) -> bool:
    return sees(unit, case.state, case.unit_id, case.holder_id, Permission.CASES_READ)


async def test_a_collector_sees_her_own_cases_a_supervisor_those_of_her_team(units: Units, agency: Agency) -> None:
    team = await a_unit(units, agency)
    placement = await a_placement(units, agency)
    mei = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    lan = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    boss = await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM)
    hers = await a_case(units, agency, holder=mei, unit_id=team, placement=placement)
    other = await a_case(units, agency, holder=lan, unit_id=team, placement=placement)
    pooled = await a_case(units, agency, placement=placement)

    async def seen(person_id: object) -> set[object]:
        async with units.begin(await as_caller(units, agency, person_id)) as unit:  # type: ignore[arg-type]
            shown = set(await unit.session.scalars(select(Case.id).where(visible(unit))))
            assert shown == {each.id for each in (hers, other, pooled) if is_seen(unit, each)}
            return set(await unit.session.scalars(restrict(select(Case.id), unit)))

    async def listed(person_id: object) -> set[object]:
        async with units.begin(await as_caller(units, agency, person_id)) as unit:  # type: ignore[arg-type]
            return set(await unit.session.scalars(select(Case.id).where(visible(unit))))

    assert await seen(mei) == {hers.id}
    assert await seen(lan) == {other.id}
    # What waits in the agency's pool she finds, and may take for her team; it does not count as her team's.
    assert await seen(boss) == {hers.id, other.id, pooled.id}
    assert await listed(boss) == {hers.id, other.id}
    operations = await a_person(units, agency, "operations")
    assert await seen(operations) == {hers.id, other.id, pooled.id}


async def test_a_recalled_case_is_gone_for_its_collector_and_not_for_operations(units: Units, agency: Agency) -> None:
    mei = await a_person(units, agency, "collector", scope=Scope.OWN)
    case = await a_case(units, agency, holder=mei, state=State.RECALLED)
    async with units.begin(await as_caller(units, agency, mei)) as unit:
        assert not is_seen(unit, case)
        with pytest.raises(NotFound):
            await CaseLives(unit).get(case.id, Permission.CASES_READ)
    operations = await a_person(units, agency, "operations")
    async with units.begin(await as_caller(units, agency, operations)) as unit:
        assert is_seen(unit, case)
        assert (await CaseLives(unit).get(case.id)).id == case.id
