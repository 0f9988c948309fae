"""What the gate refuses never leaves the house: a thousand refusals, counted where the carrier would hear of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from anmi.adapters.asterisk.installation import find
from anmi.adapters.asterisk.instance import Instance
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.core.call_views import CallPhase
from anmi.core.number_state import NumberState
from anmi.entrypoints.reactions import react
from anmi.kit.caller import the_system
from anmi.kit.db import Database
from anmi.kit.keyring import Keyring
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk
from anmi.telephony.trunks.service import switch_name
from anmi.workbench.calling.service import Calling
from anmi.workbench.contact_gate.models import ContactAttempt
from tests.adapters.asterisk.network import Answering, Network
from tests.builders.collectors import Desk, a_desk
from tests.builders.people import Agency, an_agency
from tests.builders.phone_floor import a_line, begun_on, now, until

NETWORK_HOST = f"127.62.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
DESKS, AT_THE_CLICK, AT_THE_DIAL = 4, 245, 5


@pytest.fixture
async def network() -> AsyncGenerator[Network]:
    async with Network(NETWORK_HOST) as network:
        yield network


@pytest.fixture
def pbx(tmp_path: Path) -> Instance:
    settings = Settings()
    installation = find(settings.data_dir, settings.asterisk_root)
    if installation is None:
        pytest.fail("There is no Asterisk on this machine: run scripts/asterisk, as scripts/test does.")
    return Instance(installation, tmp_path / "pbx")


async def becomes(units: Units, desk: Desk, state: NumberState) -> None:
    """Let a debtor's number turn out to be something."""
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        (await unit.session.get_one(type(desk.phone), desk.phone.id)).state = state


async def is_refused_at_the_dial(units: Units, desk: Desk) -> None:
    """Click on what may be called, and is nobody's any more when the agent's own leg is up."""
    await becomes(units, desk, NumberState.ACTIVE)
    async with units.begin(desk.caller) as unit:
        placed = await Calling(unit).place(desk.case.id, desk.phone.id, None)
        assert placed.call is not None, placed.decision
        (await unit.session.get_one(type(desk.phone), desk.phone.id)).state = NumberState.EMPTY
    call = await desk.in_phase(placed.call.id, CallPhase.ENDED, within=60)
    assert (call.dialled_at, call.ended_by) == (None, "rule")
    assert call.agent_up_at is not None


async def are_refused(units: Units, desk: Desk) -> None:
    """Let one collector run into the gate again and again, before anybody is rung and after."""
    await becomes(units, desk, NumberState.EMPTY)
    for _ in range(AT_THE_CLICK):
        placed = await desk.dial()
        assert not placed.decision.allowed
        assert placed.call is None
    for _ in range(AT_THE_DIAL):
        await is_refused_at_the_dial(units, desk)


async def is_open(units: Units, agency: Agency, switch: AsteriskSwitch) -> None:
    """Wait until the engine has come to our line; those of other agencies are opened too."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        trunk_id = (await unit.session.scalars(select(Trunk.id))).one()

    async def known() -> bool:
        # No port of ours asks it.
        ends = await switch._ari.get("endpoints/PJSIP")  # pyright: ignore[reportPrivateUsage]
        return any(each["resource"] == switch_name(trunk_id) for each in ends)

    await until(known)


@pytest.mark.timeout(300)
async def test_a_thousand_refused_contacts_put_nothing_on_the_wire(
    database: Database, keyring: Keyring, network: Network, pbx: Instance, tmp_path: Path
) -> None:
    units = Units(database, keyring, now, react)
    agency: Agency = await an_agency(units)
    await a_line(units, agency, host=f"{NETWORK_HOST}:5060")
    mobiles = [f"1390000{number:04d}" for number in range(DESKS)]
    network.numbers = {mobile: Answering(200) for mobile in mobiles}
    with pbx.running():
        async with AsteriskSwitch.of(pbx, units.clock) as switch:
            running = await begun_on(units, switch, tmp_path, f"test-refused-{os.getpid()}")
            try:
                await is_open(units, agency, switch)
                desks = [await a_desk(units, agency, running.engine.id, mobile) for mobile in mobiles]
                await asyncio.gather(*(are_refused(units, desk) for desk in desks))
            finally:
                await running.kill()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        refused = select(func.count()).select_from(ContactAttempt).where(~ContactAttempt.allowed)
        assert await unit.session.scalar(refused) == DESKS * (AT_THE_CLICK + AT_THE_DIAL) == 1000
        assert await unit.session.scalar(select(func.count()).select_from(Call)) == DESKS * AT_THE_DIAL
    # The agents' own mobiles were rung over this very line: it is open, and nobody else was called.
    assert sorted(attempt.number for attempt in network.attempts.values()) == sorted(mobiles * AT_THE_DIAL)
