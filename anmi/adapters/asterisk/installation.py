"""Which Asterisk runs here: the one we are pointed to, the one that was fetched, or the system's own.

A fetched one lies unpacked in a folder of ours and runs as a plain process: no root, no container, nothing installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from anmi.kit.errors import Unavailable

PORT: Final = "switch"
FOLDER: Final = "asterisk-"
VERSION_SECONDS: Final = 20.0

Version: TypeAlias = tuple[int, int, int]


class NoAsterisk(Unavailable):
    """There is no Asterisk we can use; the message says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(PORT, reason)


@dataclass(frozen=True, slots=True)
class Installation:
    """An Asterisk that runs on this machine; `root` is where its `usr` lies."""

    root: Path
    version: Version

    def command(self, *words: str) -> list[str]:
        """Return the command that runs the binary with these words."""
        return [*_runner(self.root), str(_binary(self.root)), *words]

    def environment(self) -> dict[str, str]:
        """Return what the process inherits: nothing that could change how it behaves."""
        plain = {name: os.environ[name] for name in ("PATH", "TMPDIR", "HOME") if name in os.environ}
        # Without the limit each thread keeps an arena of its own: 300 MB more after some hundred calls.
        told = plain | {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return told if _is_system(self.root) else told | {"GCONV_PATH": str(_libraries(self.root) / "gconv")}

    @property
    def modules(self) -> Path:
        """Where the loadable modules lie."""
        return _libraries(self.root) / "asterisk" / "modules"

    @property
    def data(self) -> Path:
        """Where the documentation lies that Asterisk reads its own options from."""
        return self.root / "usr/share/asterisk"

    @property
    def release(self) -> str:
        """The version as text, such as `22.10.1`."""
        return ".".join(map(str, self.version))


def find(data_dir: Path, pointed_to: Path | None = None) -> Installation | None:
    """Return the Asterisk to use: the one pointed to and no other, else a fetched one, else the system's own."""
    if pointed_to:
        return look_at(pointed_to)
    for folder in places(data_dir):
        unpacked = sorted(filter(None, map(_usable, folder.glob(f"{FOLDER}*"))), key=lambda found: found.version)
        if unpacked:
            return unpacked[-1]
    return _usable(Path("/"))


def look_at(root: Path) -> Installation:
    """Return the Asterisk under `root`; raise NoAsterisk when there is none, or one too old."""
    if not _binary(root).is_file():
        raise NoAsterisk(f"There is no Asterisk in {root}: usr/sbin/asterisk is missing.")
    version = _version(root)
    if not is_new_enough(version):
        raise NoAsterisk(f"The Asterisk in {root} is {'.'.join(map(str, version))}; Anmi needs 20.16, 22.6 or newer.")
    return Installation(root, version)


def is_new_enough(version: Version) -> bool:
    """Tell whether this Asterisk dials out for the media of a call (`chan_websocket`)."""
    return version >= (22, 6, 0) or (20, 16, 0) <= version < (21, 0, 0)


def places(data_dir: Path) -> list[Path]:
    """Return the folders where fetched ones lie: one for all instances of a user, else the instance's own."""
    home = os.environ.get("HOME")
    caches = os.environ.get("XDG_CACHE_HOME") or (home and str(Path(home) / ".cache"))
    shared = [Path(caches) / "anmi"] if caches else []
    return [*shared, data_dir / "asterisk" / "program"]


def _usable(root: Path) -> Installation | None:
    try:
        return look_at(root)
    except NoAsterisk:
        return None


def _version(root: Path) -> Version:
    try:
        said = subprocess.run(
            [*_runner(root), str(_binary(root)), "-V"],
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as fault:
        raise NoAsterisk(f"The Asterisk in {root} does not run on this system ({fault}).") from fault
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
    if not found:
        raise NoAsterisk(f"The Asterisk in {root} does not tell its version: {said.strip() or 'it says nothing'}.")
    major, minor, patch = found.groups(default="0")
    return int(major), int(minor), int(patch)


def _runner(root: Path) -> list[str]:
    """Return the loader of the unpacked one, which brings its own C library."""
    if _is_system(root):
        return []
    libraries = _libraries(root)
    loaders = sorted(libraries.glob("ld-linux*.so.*"))
    if not loaders:
        # Built for this system, only installed elsewhere.
        return []
    return [str(loaders[0]), "--library-path", f"{libraries}:{libraries / 'pulseaudio'}"]


def _is_system(root: Path) -> bool:
    return root == Path("/")


def _binary(root: Path) -> Path:
    if _is_system(root):
        return Path(shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "/-")
    return root / "usr/sbin/asterisk"


def _libraries(root: Path) -> Path:
    triplet = sysconfig.get_config_var("MULTIARCH") or ""
    multiarch = root / "usr/lib" / triplet
    return multiarch if (multiarch / "asterisk").is_dir() else root / "usr/lib"
