"""Fetch Asterisk from the mirror this machine already uses, into a folder of ours.

apt resolves and checks the packages in a state of its own, and they are unpacked, never installed: the machine stays
as it is, and no right is needed that a user does not have.
"""

from __future__ import annotations

import fcntl
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anmi.adapters.asterisk.installation import FOLDER, Installation, NoAsterisk, look_at, places

# 22 comes with testing and unstable; stable Debian carries none.
SUITES: Final = ("forky", "sid")
PACKAGES: Final = ("asterisk", "asterisk-modules")
KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
WANTED: Final = ("usr/sbin/asterisk", "usr/share/asterisk", "usr/lib")
FETCH_SECONDS: Final = 600.0
LEAST_FREE_BYTES: Final = 700 * 1024**2
REMEDY: Final = (
    "Install Asterisk 20.16, 22.6 or newer (`apt install asterisk` where the system has it) or name the folder of "
    "another one in ANMI_ASTERISK_ROOT."
)


def fetch(data_dir: Path, say: Callable[[str], None] = lambda _text: None) -> Installation:
    """Fetch Asterisk once for this user; raise NoAsterisk when it cannot be had. Two that fetch at once share one."""
    folder = _first_writable(places(data_dir))
    with (folder / ".fetching").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        found = sorted(folder.glob(f"{FOLDER}*"))
        if found:
            return look_at(found[-1])
        _refuse_a_full_disk(folder)
        for left_behind in folder.glob(".draft-*"):
            shutil.rmtree(left_behind, ignore_errors=True)
        mirror = _mirror()
        faults: list[str] = []
        for suite in SUITES:
            say(f"Fetching Asterisk from {suite} (some ninety megabytes, once)")
            draft = folder / f".draft-{secrets.token_hex(4)}"
            try:
                return _place(_Apt(draft, mirror, suite).unpacked(), folder)
            except subprocess.SubprocessError as fault:
                faults.append(f"{suite}: {_last_line(fault)}")
            except OSError as fault:
                faults.append(f"{suite}: {fault}")
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    raise NoAsterisk(f"Asterisk could not be fetched ({'; '.join(faults)}). {REMEDY}")


@dataclass(frozen=True, slots=True)
class _Apt:
    """apt with everything of its own but its way to the mirror."""

    folder: Path
    mirror: str
    suite: str

    def unpacked(self) -> Path:
        """Return the folder where the packages lie unpacked."""
        for part in ("state/lists/partial", "cache/archives/partial", "preferences", "root"):
            (self.folder / part).mkdir(parents=True)
        # As if nothing were installed: the C library must come along, ours may be older.
        (self.folder / "status").touch()
        (self.folder / "sources.list").write_text(
            f"deb [signed-by={KEYRING} arch={_architecture()}] {self.mirror} {self.suite} main\n", encoding="utf-8"
        )
        self._run("update")
        self._run("install", "--no-install-recommends", "--download-only", *PACKAGES)
        root = self.folder / "root"
        for package in sorted((self.folder / "cache/archives").glob("*.deb")):
            _run("dpkg-deb", "-x", str(package), str(root))
        return root

    def _run(self, verb: str, *words: str) -> None:
        options = {
            "Dir::State": self.folder / "state",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": self.folder / "preferences",
            "APT::Architecture": _architecture(),
            # The user `_apt` may not look into our folders.
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": 1,
            "Acquire::Languages": "none",
            "Acquire::Retries": 2,
            "Acquire::http::Timeout": 30,
            "APT::Update::Error-Mode": "any",
        }
        told = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        _run("apt-get", *told, "-qq", "-y", verb, *words)


def _place(root: Path, folder: Path) -> Installation:
    """Keep what runs, and put it in its place in one step, so that nobody meets half of it."""
    draft = root.with_name("kept")
    for part in WANTED:
        (draft / part).parent.mkdir(parents=True, exist_ok=True)
        (root / part).rename(draft / part)
    version = look_at(draft).release
    place = folder / f"{FOLDER}{version}"
    draft.rename(place)
    return look_at(place)


def _mirror() -> str:
    """Return the Debian mirror this machine is set up with; we know of none ourselves."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb") and KEYRING.exists()):
        raise NoAsterisk(f"Asterisk cannot be fetched: this is not a Debian system. {REMEDY}")
    sites = _run("apt-get", "indextargets", "--format", "$(SITE)").split()
    for site in sites:
        if re.search(r"/debian/?$", site):
            return site
    raise NoAsterisk(f"Asterisk cannot be fetched: this system names no Debian mirror. {REMEDY}")


def _architecture() -> str:
    return _run("dpkg", "--print-architecture").strip()


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS, check=True).stdout


def _last_line(fault: subprocess.SubprocessError) -> str:
    if isinstance(fault, subprocess.CalledProcessError):
        lines = [line for line in str(fault.stderr).splitlines() if line.startswith(("E:", "dpkg"))]
        return lines[-1] if lines else f"{fault.cmd[0]} ended with code {fault.returncode}"
    return f"no answer within {FETCH_SECONDS:g} s"


def _first_writable(folders: Sequence[Path]) -> Path:
    for folder in folders:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = folder / f".probe-{secrets.token_hex(4)}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return folder
    raise NoAsterisk(f"Asterisk cannot be kept: none of {', '.join(map(str, folders))} may be written to.")


def _refuse_a_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise NoAsterisk(
            f"Asterisk needs {LEAST_FREE_BYTES // 1024**2} MiB for a moment and keeps 200; {folder} has "
            f"{free // 1024**2} MiB free."
        )
