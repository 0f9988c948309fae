"""An instance: what is ours stays ours, what was chosen stays chosen, and several stand side by side."""

from __future__ import annotations

import contextlib
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from anmi.adapters.asterisk.ami import Ami
from anmi.adapters.asterisk.installation import Installation
from anmi.adapters.asterisk.instance import USER, Instance, Kind, configuration_folder, fill_in
from anmi.adapters.asterisk.places import Places, Wanted
from anmi.entrypoints.process_tree import Child, ProcessTree


@pytest.fixture
def an_instance(installation: Installation, tmp_path: Path) -> Instance:
    return Instance(installation, tmp_path / "asterisk" / "pbx")


class Said:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, name: str, text: str) -> None:
        self.lines.append(text)

    def event(self, name: str, text: str, *, trouble: bool = False) -> None:
        if trouble:
            self.lines.append(f"TROUBLE {text}")


@pytest.mark.parametrize("kind", Kind)
async def test_it_starts_without_a_complaint_and_listens_on_loopback_only(an_instance: Instance, kind: Kind) -> None:
    instance = Instance(an_instance.installation, an_instance.folder, kind)
    said = Said()
    child = Child(
        instance.name,
        instance.command,
        instance.environment(),
        prepare=instance.prepare,
        is_ready=instance.is_ready,
    )
    async with ProcessTree(said) as tree:
        await tree.start(child)
        ours = _listening(tree)
    assert [line for line in said.lines if any(word in line for word in ("WARNING", "ERROR", "TROUBLE"))] == []
    assert ours
    assert {address.partition(".")[0] for address in ours} == {"127"}


def test_nobody_else_can_read_what_it_is_told(an_instance: Instance) -> None:
    an_instance.prepare()
    for path in an_instance.folder.rglob("*"):
        forbidden = 0o077 if path.is_dir() or path.parent.name == "etc" or path.suffix == ".json" else 0
        assert not stat.S_IMODE(path.stat().st_mode) & forbidden, path


def test_what_was_chosen_stays_chosen(an_instance: Instance) -> None:
    an_instance.prepare()
    before = an_instance.places
    an_instance.prepare()
    assert an_instance.places == before


def test_a_port_that_somebody_took_is_given_up_and_nothing_else(an_instance: Instance) -> None:
    an_instance.prepare()
    before = an_instance.places
    with _taken(before.http_host, before.http_port):
        an_instance.prepare()
    after = an_instance.places
    assert after.http_port != before.http_port
    assert (after.sip_address, after.ari_secret, after.ami_port) == (
        before.sip_address,
        before.ari_secret,
        before.ami_port,
    )


def test_several_stand_side_by_side(an_instance: Instance) -> None:
    instances = [Instance(an_instance.installation, an_instance.folder.with_name(f"pbx{n}")) for n in range(6)]
    for instance in instances:
        instance.prepare()
    places = [instance.places for instance in instances]
    assert len({each.sip_host for each in places}) == len(places)
    assert len({each.rtp_start for each in places}) == len(places)
    assert len({each.ari_secret for each in places}) == len(places)


def test_it_listens_where_it_is_told_to(an_instance: Instance) -> None:
    wanted = Wanted(sip_host="127.9.9.9", sip_port=5070, media_address="203.0.113.7", rtp_ports=(40_000, 40_999))
    instance = Instance(an_instance.installation, an_instance.folder, Kind.PBX, wanted)
    instance.prepare()
    sip = (instance.folder / "etc/pjsip.conf").read_text(encoding="utf-8")
    assert "bind = 127.9.9.9:5070" in sip
    assert "external_media_address = 203.0.113.7" in sip
    assert "rtpstart = 40000" in (instance.folder / "etc/rtp.conf").read_text(encoding="utf-8")


def test_what_chosen_places_say_survives_reading(an_instance: Instance) -> None:
    an_instance.prepare()
    assert Places.read(an_instance.folder) == an_instance.places


def test_no_blank_is_left_open(an_instance: Instance) -> None:
    for kind in Kind:
        Instance(an_instance.installation, an_instance.folder, kind).prepare()
        for path in (an_instance.folder / "etc").glob("*.conf"):
            assert "{{" not in path.read_text(encoding="utf-8"), path
    with pytest.raises(KeyError):
        fill_in("{{nobody_knows}}", {})


def test_no_module_runs_a_shell() -> None:
    named = (configuration_folder() / "common/modules.conf").read_text(encoding="utf-8")
    assert not {"app_system", "res_agi", "app_externalivr", "func_shell", "app_exec"} & set(
        named.replace(".so", "").split()
    )


async def test_a_line_break_gives_no_orders_to_the_manager(pbx: Instance) -> None:
    places = pbx.places
    async with Ami(places.ami_host, places.ami_port, USER, places.ami_secret) as ami:
        assert (await ami.action("Ping"))["Response"] == "Success"
        with pytest.raises(ValueError, match="one line"):
            await ami.action("Ping", Channel="x\r\nAction: Command")


@contextlib.contextmanager
def _taken(host: str, port: int) -> Iterator[None]:
    with socket.socket() as holder:
        holder.bind((host, port))
        holder.listen()
        yield


def _listening(tree: ProcessTree) -> list[str]:
    """Return the addresses on which the tree's processes wait for connections."""
    sockets: set[str] = set()
    for kept in tree._kept:
        for link in Path(f"/proc/{kept.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                sockets.add(str(link.readlink()))
    found: list[str] = []
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
            found.append(socket.inet_ntoa(bytes.fromhex(fields[1].split(":")[0])[::-1]))
    return found
