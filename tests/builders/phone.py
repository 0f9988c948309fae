"""The phone floor for tests: an engine, trunks, caller ids, agents, calls and the sound of them.

They are written straight into the tables; all numbers are made up and belong to nobody.
"""

from __future__ import annotations

import itertools
import math
from array import array
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from anmi.core.call_legs import Ending
from anmi.core.number_state import NumberState
from anmi.kit.caller import the_system
from anmi.kit.db import Base
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.agents.models import Agent
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.calls.models import Call, CallJournalLine, CallPhase, Direction
from anmi.telephony.engines.models import Engine
from anmi.telephony.recordings.service import Keeping, Vault
from anmi.telephony.trunks.models import Trunk, TrunkState
from tests.builders.people import Agency

_NUMBERS = itertools.count(1)

Row = TypeVar("Row", bound=Base)

RATE = 8000


async def _kept(units: Units, agency: Agency, row: Row) -> Row:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(row)
    return row


async def an_engine(units: Units, agency: Agency, name: str | None = None) -> Engine:
    """Make an engine that was just seen."""
    now = units.clock()
    engine = Engine(
        id=new_id(),
        name=name or f"engine-{new_id().hex}",
        switch="rehearsal",
        began_at=now,
        seen_at=now,
        switch_seen_at=now,
    )
    return await _kept(units, agency, engine)


async def a_trunk(
    units: Units,
    agency: Agency,
    name: str | None = None,
    capacity: int = 10,
    rank: int = 0,
    state: TrunkState = TrunkState.ACTIVE,
    engine_id: UUID | None = None,
    rests_until: datetime | None = None,
) -> Trunk:
    """Make a trunk."""
    trunk = Trunk(
        id=new_id(),
        tenant_id=agency.tenant_id,
        name=name or f"线路{next(_NUMBERS)}",
        carrier="演示运营商",
        licence="演示合同 2026-01",
        engine_id=engine_id,
        host="127.0.0.1:5060",
        transport="udp",
        codecs=["alaw"],
        registers=False,
        capacity=capacity,
        rank=rank,
        reasons={},
        state=state,
        is_rehearsal=True,
        failures=0,
        rests_until=rests_until,
        version=1,
    )
    return await _kept(units, agency, trunk)


async def a_caller_id(
    units: Units,
    agency: Agency,
    trunk: Trunk,
    number: str | None = None,
    city: str | None = "杭州",
    province: str | None = "浙江",
    unit_id: UUID | None = None,
    daily_ceiling: int = 100,
    cool_down_seconds: int = 0,
    leased_until: date | None = None,
    complaints: int = 0,
    state: CallerIdState = CallerIdState.ACTIVE,
    rests_until: datetime | None = None,
    last_shown_at: datetime | None = None,
) -> CallerId:
    """Make a leased number."""
    caller_id = CallerId(
        id=new_id(),
        tenant_id=agency.tenant_id,
        number=number or f"0571000{next(_NUMBERS):05d}",
        city=city,
        province=province,
        trunk_id=trunk.id,
        unit_id=unit_id,
        licence="演示号码租用合同",
        leased_until=leased_until,
        daily_ceiling=daily_ceiling,
        cool_down_seconds=cool_down_seconds,
        complaints=complaints,
        complaint_ceiling=3,
        state=state,
        rests_until=rests_until,
        last_shown_at=last_shown_at,
        version=1,
    )
    return await _kept(units, agency, caller_id)


async def an_agent(units: Units, agency: Agency, person_id: UUID, unit_id: UUID, extension: str | None = None) -> Agent:
    """Give somebody an extension."""
    extension = extension or f"{8000 + next(_NUMBERS)}"
    agent = Agent(
        id=new_id(),
        tenant_id=agency.tenant_id,
        person_id=person_id,
        unit_id=unit_id,
        extension=extension,
        phone=f"{agency.code}-{extension}-{new_id().hex[-6:]}",
        since=units.clock(),
        version=1,
    )
    return await _kept(units, agency, agent)


async def a_call(
    units: Units,
    agency: Agency,
    engine: Engine | None = None,
    person_id: UUID | None = None,
    unit_id: UUID | None = None,
    agent_id: UUID | None = None,
    trunk_id: UUID | None = None,
    caller_id_id: UUID | None = None,
    asked_at: datetime | None = None,
    talked: int | None = 60,
    ending: Ending = Ending.HUNG_UP,
    direction: Direction = Direction.OUTBOUND,
    is_over: bool = True,
    subject_id: UUID | None = None,
    number_state: NumberState | None = None,
    number_masked: str = "138****5678",
) -> Call:
    """Make a call; `talked` seconds long, or never answered where that is None."""
    engine = engine or await an_engine(units, agency)
    asked_at = asked_at or units.clock()
    answered = None if talked is None else asked_at + timedelta(seconds=8)
    ended = asked_at + timedelta(seconds=8 + (talked or 0)) if is_over else None
    call = Call(
        id=new_id(),
        tenant_id=agency.tenant_id,
        direction=direction,
        phase=CallPhase.ENDED if is_over else CallPhase.TALKING,
        engine_id=engine.id,
        unit_id=unit_id or agency.root_id,
        agent_id=agent_id,
        person_id=person_id,
        subject_kind="case" if subject_id else None,
        subject_id=subject_id,
        number_masked=number_masked,
        trunk_id=trunk_id,
        caller_id_id=caller_id_id,
        asked_at=asked_at,
        dialled_at=asked_at + timedelta(seconds=2),
        ringing_at=asked_at + timedelta(seconds=3),
        answered_at=answered,
        connected_at=answered,
        ended_at=ended,
        ended_by="debtor" if is_over else None,
        ending=ending if is_over else None,
        number_state=number_state,
        held_seconds=0,
        facts={},
    )
    return await _kept(units, agency, call)


async def a_journal(units: Units, agency: Agency, call: Call, events: list[dict[str, Any]]) -> None:
    """Write the journal of a call, an event a second."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        for number, event in enumerate(events):
            at = call.asked_at + timedelta(seconds=number)
            unit.session.add(
                CallJournalLine(call_id=call.id, tenant_id=agency.tenant_id, number=number, at=at, event=event)
            )


def tones(seconds: float, left: float = 440, right: float = 700, rate: int = RATE) -> bytes:
    """Return two tones side by side, as a switch writes them."""
    frames = int(seconds * rate)
    turn = 2 * math.pi / rate
    samples = array("h")
    for frame in range(frames):
        samples.append(int(8000 * math.sin(turn * left * frame)))
        samples.append(int(16000 * math.sin(turn * right * frame)))
    return samples.tobytes()


def a_raw_recording(folder: Path, sound: bytes) -> Path:
    """Lay down what a switch leaves."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id().hex}.raw"
    path.write_bytes(sound)
    return path


async def a_recording(units: Units, vault: Vault, agency: Agency, call: Call, folder: Path, sound: bytes) -> UUID:
    """Keep the sound of a call, as the engine does."""
    recording_id = await Keeping(units, vault).keep(
        agency.tenant_id, call.id, str(a_raw_recording(folder, sound)), RATE
    )
    assert recording_id is not None
    return recording_id
