"""What tests of inspection stand on: a house, an agency with a team, inspectors, and calls of a collector."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import pytest

from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.quality.inspections.reading import Reading
from anmi.quality.packs.service import Packs
from tests.builders.house import *  # noqa: F403 - fixtures
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller
from tests.builders.phone import a_call
from tests.builders.talk import a_transcript

By = Callable[[UUID], AbstractAsyncContextManager[UnitOfWork]]
Inspect = Callable[..., Awaitable[UUID]]


@dataclass(frozen=True, slots=True)
class Floor:
    """Who is there."""

    agency: Agency
    team: UUID
    collector: UUID
    colleague: UUID
    supervisor: UUID
    inspector: UUID
    second_inspector: UUID
    owner: UUID


@pytest.fixture
async def floor(units: Units) -> Floor:
    agency = await an_agency(units)
    team = await a_unit(units, agency)
    return Floor(
        agency,
        team,
        await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN),
        await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN),
        await a_person(units, agency, "supervisor", unit_id=team, scope=Scope.TEAM),
        await a_person(units, agency, "inspector"),
        await a_person(units, agency, "inspector"),
        await a_person(units, agency, "owner"),
    )


@pytest.fixture
def by(units: Units, floor: Floor) -> By:
    """Work as somebody."""

    @asynccontextmanager
    async def by(person_id: UUID):  # type: ignore[no-untyped-def]
        async with units.begin(await as_caller(units, floor.agency, person_id)) as unit:
            yield unit

    return by


@pytest.fixture
def inspected(units: Units, floor: Floor) -> Inspect:
    """Have the machine read a call of the collector's on which these lines were said; return the inspection's id."""

    async def inspected(*lines: str, confidence: float | None = 0.9, random_percent: int = 0) -> UUID:
        call = await a_call(units, floor.agency, person_id=floor.collector, unit_id=floor.team)
        await a_transcript(units, floor.agency, call, *lines, confidence=confidence)
        async with units.begin(the_system(floor.agency.tenant_id)) as unit:
            inspector = await Packs(unit).in_force()
            return (await Reading(unit, random_percent).read(call.id, inspector)).id

    return inspected
