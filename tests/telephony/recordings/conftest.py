"""What tests of recordings stand on: an agency with a team, and calls of a collector of hers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from anmi.core.permissions import Scope
from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from tests.builders.people import Agency, a_person, a_unit, an_agency
from tests.builders.phone import a_call, a_recording, tones


@dataclass(frozen=True, slots=True)
class Floor:
    """Who is there, and one call that was kept."""

    agency: Agency
    team: UUID
    collector: UUID
    owner: UUID
    call: Call
    sound: bytes
    recording_id: UUID


@pytest.fixture
async def floor(units: Units, house: House, tmp_path: Path) -> Floor:
    agency = await an_agency(units)
    team = await a_unit(units, agency)
    collector = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    owner = await a_person(units, agency, "owner")
    call = await a_call(units, agency, person_id=collector, unit_id=team)
    sound = tones(3.0)
    recording_id = await a_recording(units, house.vault, agency, call, tmp_path / "raw", sound)
    return Floor(agency, team, collector, owner, call, sound, recording_id)


Work = Callable[..., Awaitable[None]]


@pytest.fixture
def work(units: Units, house: House) -> Work:
    """Work a job of an agency off, as the worker would."""
    kinds = {kind.name: kind for kind in job_kinds(house)}

    async def work(name: str, agency: Agency, **arguments: Any) -> None:
        await kinds[name].work(Run(units, the_system(agency.tenant_id), 0), **arguments)

    return work
