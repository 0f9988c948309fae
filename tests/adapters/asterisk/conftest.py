"""One switch, one carrier and one scripted network for all tests of this folder; started once, stopped at the end."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from anmi.adapters.asterisk.installation import Installation, find
from anmi.adapters.asterisk.instance import Instance, Kind, configuration_folder
from anmi.adapters.asterisk.switch import AsteriskSwitch
from anmi.core.ports.switch import SwitchBack, TrunkAccount
from anmi.kit.settings import Settings
from tests.adapters.asterisk.far_end import FarEnd
from tests.adapters.asterisk.network import Network
from tests.adapters.asterisk.stages import Ear

# An address for each process of a test run.
NETWORK_HOST = f"127.61.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
NETWORK, CARRIER = "network", "carrier"


@pytest.fixture(scope="session")
def installation() -> Installation:
    """Return the Asterisk of this machine."""
    settings = Settings()
    found = find(settings.data_dir, settings.asterisk_root)
    if found is None:
        pytest.fail("There is no Asterisk on this machine: run scripts/asterisk, as scripts/test does.")
    return found


@pytest.fixture(scope="session")
def pbx(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with Instance(installation, tmp_path_factory.mktemp("asterisk") / "pbx").running() as instance:
        yield instance


@pytest.fixture(scope="session")
def carrier(installation: Installation, pbx: Instance) -> Iterator[Instance]:
    """Return the other end of the line: real sound, in tones that can be told apart."""
    instance = Instance(installation, pbx.folder.with_name("carrier"), Kind.CARRIER)
    dialplan = Path(__file__).with_name("carrier_dialplan.conf").read_text(encoding="utf-8")
    place = instance.folder / "etc/extensions.d/tests.conf"
    place.parent.mkdir(parents=True)
    voices = configuration_folder() / "voices" / "network"
    place.write_text(dialplan.replace("VOICES", str(voices)), encoding="utf-8")
    with instance.running():
        yield instance


@pytest.fixture(scope="session")
async def network() -> AsyncIterator[Network]:
    async with Network(NETWORK_HOST) as network:
        yield network


@pytest.fixture
async def ear(pbx: Instance, network: Network) -> AsyncIterator[Ear]:
    async with AsteriskSwitch.of(pbx) as switch:
        ear = Ear(switch)
        await ear.news(SwitchBack)
        await switch.open_trunk(TrunkAccount(NETWORK, network.host))
        yield ear
        await ear.close()


@pytest.fixture
async def far_end(carrier: Instance) -> AsyncIterator[FarEnd]:
    async with AsteriskSwitch.of(carrier) as switch:
        ear = Ear(switch)
        await ear.news(SwitchBack)
        async with FarEnd(switch, ear) as far_end:
            yield far_end
        await ear.close()


@pytest.fixture
async def line(ear: Ear, carrier: Instance) -> Instance:
    """Return the carrier with a trunk to it opened."""
    await ear.switch.open_trunk(TrunkAccount(CARRIER, carrier.places.sip_host))
    return carrier
