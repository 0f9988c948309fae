"""One running Asterisk: a folder with its configuration, its secrets and the ports it keeps.

Everything listens on loopback unless told otherwise, and everything is ours alone to read. Whoever starts it (the
process tree, a test) is the parent of the process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import httpx

import anmi
from anmi.adapters.asterisk.installation import Installation, NoAsterisk
from anmi.adapters.asterisk.music import write_music
from anmi.adapters.asterisk.places import Places, Wanted, choose
from anmi.kit.parenthood import ends_with_parent
from anmi.kit.secret_files import write_private

APP: Final = "anmi"
USER: Final = "anmi"
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 10.0
LONGEST_SOCKET_PATH: Final = 107
FOLDERS: Final = (
    "etc",
    "etc/extensions.d",
    "lib",
    "lib/keys",
    "log",
    "music",
    "spool",
    "spool/recording",
    "spool/monitor",
)
_BLANK: Final = re.compile(r"\{\{(\w+)\}\}")


class Kind(StrEnum):
    """What an instance is for."""

    PBX = "pbx"
    """The switch: agents and trunks."""
    CARRIER = "carrier"
    """The telephone network of a rehearsal."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An Asterisk with a folder of its own in `DATA/asterisk/<name>`."""

    installation: Installation
    folder: Path
    kind: Kind = Kind.PBX
    wanted: Wanted = field(default_factory=Wanted)
    """Where it is to listen, where it matters."""

    @property
    def name(self) -> str:
        """What it is called in the logs."""
        return self.folder.name

    @property
    def places(self) -> Places:
        """Where it listens and what opens it; chosen at its first preparation and kept."""
        return Places.read(self.folder)

    @property
    def recordings(self) -> Path:
        """Where raw recordings lie until somebody takes them away."""
        return self.folder / "spool" / "recording"

    @property
    def announcements(self) -> Path:
        """Where recordings of a carrier's announcements lie."""
        return self.folder.parent / "announcements"

    def prepare(self) -> None:
        """Make it startable: choose places where none are chosen or another took them, and write what it reads."""
        for part in FOLDERS:
            (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        run = _run_folder(self.folder)
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        places = choose(self.folder, self.wanted)
        blanks = _blanks(self, places, run)
        for template in _templates(self.kind):
            write_private(self.folder / "etc" / template.name, fill_in(template.read_text(encoding="utf-8"), blanks))
        write_music(self.folder / "music")

    def command(self) -> list[str]:
        """Return the command whose process is the switch itself: SIGTERM ends it."""
        return self.installation.command("-C", str(self.folder / "etc/asterisk.conf"), "-f", "-n")

    def environment(self) -> dict[str, str]:
        """Return what it inherits."""
        return self.installation.environment()

    async def is_ready(self, _pid: int) -> bool:
        """Tell whether it takes commands."""
        places = self.places
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
                answer = await client.get(f"{places.ari_url}/asterisk/ping", auth=(USER, places.ari_secret))
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    @contextlib.contextmanager
    def running(self) -> Generator[Instance]:
        """Have it for a while, started here and stopped afterwards."""
        self.prepare()
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ends_with_parent(signal.SIGKILL),  # noqa: PLW1509 - two system calls, no lock
            )
            try:
                if not self._wait_until_ready(process):
                    log.seek(0)
                    raise NoAsterisk(f"Asterisk did not start:\n{log.read().decode(errors='replace').strip()}")
                yield self
            finally:
                stop(process)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + START_SECONDS
        places = self.places
        with httpx.Client(trust_env=False, timeout=2.0, auth=(USER, places.ari_secret)) as client:
            while time.monotonic() < deadline and process.poll() is None:
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(f"{places.ari_url}/asterisk/ping").status_code == 200:
                        return True
                time.sleep(0.02)
        return False


def stop(process: subprocess.Popen[bytes], within_seconds: float = STOP_SECONDS) -> None:
    """End the process; less politely when it does not listen."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(request)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(within_seconds)


def fill_in(template: str, blanks: Mapping[str, object]) -> str:
    """Put what is known into a template; raise KeyError for a blank nobody knows."""
    return _BLANK.sub(lambda blank: str(blanks[blank.group(1)]), template)


def configuration_folder() -> Path:
    """Return where the templates lie: beside the package, or within it when it was installed."""
    package = Path(anmi.__file__).parent
    installed = package / "asterisk"
    return installed if installed.is_dir() else package.parent / "asterisk"


def _templates(kind: Kind) -> list[Path]:
    found = {path.name: path for part in ("common", kind) for path in (configuration_folder() / part).glob("*.conf")}
    return list(found.values())


def _blanks(instance: Instance, places: Places, run: Path) -> dict[str, object]:
    return {
        "name": f"anmi-{instance.name}",
        "app": APP,
        "folder": instance.folder.absolute(),
        "modules": instance.installation.modules,
        "data": instance.installation.data,
        "run": run,
        "prompts": configuration_folder() / "prompts",
        "external": _external(places),
        "ice_candidates": _ice_candidates(places),
        "sips_port": places.sip_port + 1,
        "certificates": ssl.get_default_verify_paths().cafile or "",
        **places.as_blanks(),
    }


def _external(places: Places) -> str:
    """Where the world reaches us, when a router stands before us."""
    if places.media_address == places.sip_host:
        return ""
    return f"external_media_address = {places.media_address}\nexternal_signaling_address = {places.media_address}"


def _ice_candidates(places: Places) -> str:
    """Browsers are offered one address for their media, whatever interfaces this machine has."""
    if ip_address(places.media_address).is_loopback:
        own = _own_addresses()
    elif places.media_address != places.sip_host:
        own = [places.sip_host]
    else:
        return ""
    mapped = "".join(f"{address} => {places.media_address}\n" for address in own)
    return f"ice_deny = ::/0\n\n[ice_host_candidates]\n{mapped}" if own else "ice_deny = ::/0\n"


def _own_addresses() -> list[str]:
    said = (
        shutil.which("hostname")
        and subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout
    )
    return [word for word in (said or "").split() if ip_address(word).version == 4]


def _run_folder(folder: Path) -> Path:
    """Where its control socket lies: in its folder, or in a short private one when that path is too long."""
    beside = folder.absolute() / "run"
    if len(os.fsencode(beside / "asterisk.ctl")) <= LONGEST_SOCKET_PATH:
        return beside
    key = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"anmi-{os.getuid()}-{key}"
