"""Which switch an instance's calls go through: one of its own, or an Asterisk that somebody else runs."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncGenerator, Generator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from anmi.adapters.asterisk.elsewhere import Elsewhere, UnreadableAddress
from anmi.adapters.asterisk.installation import find
from anmi.adapters.asterisk.instance import Instance
from anmi.adapters.asterisk.places import FILE
from anmi.core.call_legs import Ending, Source
from anmi.core.call_views import CallPhase
from anmi.entrypoints.doctor import State, telephone
from anmi.entrypoints.reactions import react
from anmi.entrypoints.switches import open_switch
from anmi.kit.db import Database
from anmi.kit.keyring import Keyring
from anmi.kit.secret_files import write_private
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from tests.adapters.asterisk.network import Answering, Network
from tests.builders.collectors import a_desk
from tests.builders.people import an_agency
from tests.builders.phone_floor import a_line, begun_on, now, the_journal

NETWORK_HOST = f"127.63.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
MOBILE = "13900000001"


@pytest.fixture
def theirs(tmp_path: Path) -> Generator[Instance]:
    """Return an Asterisk that runs, as that of another instance."""
    settings = Settings()
    installation = find(settings.data_dir, settings.asterisk_root)
    if installation is None:
        pytest.fail("There is no Asterisk on this machine: run scripts/asterisk, as scripts/test does.")
    instance = Instance(installation, tmp_path / "theirs" / "pbx")
    instance.prepare()
    # One secret for both of its interfaces, as its address will say.
    places = replace(instance.places, ami_secret=instance.places.ari_secret)
    write_private(instance.folder / FILE, json.dumps(asdict(places)))
    with instance.running():
        yield instance


@pytest.fixture
async def network() -> AsyncGenerator[Network]:
    async with Network(NETWORK_HOST) as network:
        yield network


def address_of(instance: Instance) -> str:
    """Return the address by which another uses an Asterisk."""
    places = instance.places
    doors = {"hep": places.hep_port, "media": places.media_port, "watch": places.watch_port, "ami": places.ami_port}
    told = [f"{name}=127.0.0.1:{port}" for name, port in doors.items()]
    told += [f"sip={places.sip_address}", f"recordings={instance.recordings}"]
    return f"http://anmi:{places.ari_secret}@127.0.0.1:{places.http_port}?{'&'.join(told)}"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://anmi:s@host", "looks like"),
        ("http://anmi@host", "looks like"),
        ("http://root:s@host", "looks like"),
        ("http://anmi:s@host:http", "no address"),
        ("http://anmi:s@host?spool=/tmp", "unknown: spool"),
        ("http://anmi:s@host?hep=9060", "9060 is not host:port"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_secret(address: str, why: str) -> None:
    with pytest.raises(UnreadableAddress, match=why) as refused:
        Elsewhere.read(address, Path())
    assert ":s@" not in str(refused.value)


def test_what_an_address_leaves_out_is_as_usual() -> None:
    there = Elsewhere.read("http://anmi:a%2Fb@10.0.0.5", Path("/a"))
    places = there.places
    assert (places.ari_url, places.ari_secret) == ("http://10.0.0.5:8088/ari", "a/b")
    assert (places.ami_host, places.ami_port, places.sip_address) == ("10.0.0.5", 5038, "10.0.0.5:5060")
    assert (places.hep_host, places.hep_port, places.media_port) == ("127.0.0.1", 9060, 9061)
    assert there.recordings == Path("/var/spool/asterisk/recording")


def test_the_doctor_asks_an_asterisk_elsewhere_who_it_is(theirs: Instance, tmp_path: Path) -> None:
    address = SecretStr(address_of(theirs))
    found = telephone(Settings(data_dir=tmp_path, asterisk_url=address))
    assert (found.state, found.found.startswith("Asterisk 2")) == (State.OK, True)
    wrong = SecretStr(address.get_secret_value().replace("http://anmi:", "http://anmi:not"))
    assert telephone(Settings(data_dir=tmp_path, asterisk_url=wrong)).state is State.FAIL


async def test_calls_go_through_an_asterisk_that_runs_already(
    database: Database, keyring: Keyring, theirs: Instance, network: Network, tmp_path: Path
) -> None:
    units = Units(database, keyring, now, react)
    # Another agency's carrier that nobody knows stands in nobody's way.
    await a_line(units, await an_agency(units), host="carrier.invalid")
    agency = await an_agency(units)
    await a_line(units, agency, host=f"{NETWORK_HOST}:5060")
    settings = Settings(data_dir=tmp_path / "ours", asterisk_url=SecretStr(address_of(theirs)))
    async with open_switch(settings, units.clock) as (switch, who):
        assert (who.switch, who.phone_url) == ("asterisk", theirs.places.phone_url)
        running = await begun_on(units, switch, tmp_path, f"test-elsewhere-{os.getpid()}")
        try:
            desk = await a_desk(units, agency, running.engine.id, MOBILE)
            digits = await desk.digits()
            network.numbers = {MOBILE: Answering(200), digits: Answering(486, q850=17)}
            call = await desk.in_phase(await desk.call(), CallPhase.ENDED, within=60)
        finally:
            await running.kill()
    assert call.ending is Ending.BUSY
    assert call.evidence is not None
    assert call.evidence["source"] == Source.Q850
    kinds = [line.event["kind"] for line in await the_journal(units, agency, call.id)]
    assert "RecordingBegan" in kinds
    # Her own mobile and the debtor see one and the same number of the house.
    assert network.attempt(MOBILE).caller == network.attempt(digits).caller
    assert network.attempt(MOBILE).caller.startswith("0571")
