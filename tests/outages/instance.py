"""The whole product in a folder of its own, seen from outside: its processes, its switches, its database."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from anmi.adapters.asterisk.instance import USER
from anmi.adapters.asterisk.places import Places

ANMI: Final = Path(sys.executable).with_name("anmi")
START_SECONDS: Final = 120.0
CHINA: Final = ZoneInfo("Asia/Shanghai")
TEN: Final = 10

MARKS: Final = {
    "web": "anmi serve",
    "worker": "anmi worker",
    "engine": "anmi engine",
    "postgres": "/postgres -D",
    "asterisk": "asterisk/pbx/etc/asterisk.conf",
}
"""By what the command line of each process is known."""


def until_ten() -> int:
    """Return in how many seconds it is ten in the morning in China, on the same day."""
    now = datetime.now(UTC).astimezone(CHINA)
    return int((now.replace(hour=TEN, minute=0, second=0, microsecond=0) - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Instance:
    """A running `anmi up`."""

    data_dir: Path
    pid: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """Where it answers."""
        return (self.data_dir / "address").read_text(encoding="utf-8").strip().rstrip("/")

    def process(self, name: str) -> int | None:
        """Return the process of one of its parts."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="utf-8").split()
        return next((int(child) for child in children if MARKS[name] in _command_of(child)), None)

    def kill(self, name: str) -> int:
        """Kill one of its parts as the kernel would; return which process it was."""
        pid = self.process(name)
        assert pid is not None, f"no {name} runs"
        os.kill(pid, signal.SIGKILL)
        return pid

    async def has_another(self, name: str, than: int) -> None:
        """Wait until another process has taken the place of one that was killed."""
        async with asyncio.timeout(START_SECONDS):
            while self.process(name) in {than, None}:  # noqa: ASYNC110 - nobody rings
                await asyncio.sleep(0.05)

    async def answers(self) -> bool:
        """Tell whether the web server and the database do."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
        except httpx.HTTPError:
            return False

    def places(self, kind: str) -> Places:
        """Return where one of its Asterisks is."""
        return Places.read(self.data_dir / "asterisk" / kind)

    def switch(self, kind: str) -> httpx.AsyncClient:
        """Return a way to ask one of its Asterisks what lives there."""
        places = self.places(kind)
        auth = (USER, places.ari_secret)
        return httpx.AsyncClient(base_url=places.ari_url, auth=auth, trust_env=False, timeout=10)

    async def living(self, kind: str, what: str = "channels") -> list[dict[str, Any]]:
        """Return the channels, or the bridges, of one of its Asterisks."""
        async with self.switch(kind) as client:
            return (await client.get(f"/{what}")).json()

    async def hang_up(self, digits: str) -> None:
        """Let whoever is under a number hang up, in the network itself."""
        (channel,) = [each["id"] for each in await self.living("carrier") if each["dialplan"]["exten"] == digits]
        async with self.switch("carrier") as client:
            assert (await client.delete(f"/channels/{channel}")).status_code == 204


def _command_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@asynccontextmanager
async def running(folder: Path, **told: str) -> AsyncGenerator[Instance]:
    """Run the product, with a network that rehearses, for as long as the block lasts."""
    data_dir, log_file = folder / "data", folder / "anmi.log"
    ahead = {"ANMI_DEMO": "1", "ANMI_DEMO_CLOCK_AHEAD": str(until_ten())}
    own = {"ANMI_DATA_DIR": str(data_dir), "ANMI_PORT": "0", "ANMI_LOG_FORM": "json"}
    environment = dict(os.environ) | own | ahead | told
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            ANMI, "up", env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            began = time.monotonic()
            while not (data_dir / "address").exists():
                assert process.returncode is None, log_file.read_text(encoding="utf-8")
                assert time.monotonic() - began < START_SECONDS, log_file.read_text(encoding="utf-8")
                await asyncio.sleep(0.1)
            yield Instance(data_dir, process.pid, environment)
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                await asyncio.wait_for(process.wait(), 60)
