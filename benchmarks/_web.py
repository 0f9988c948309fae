"""The web server as a process of its own, and people who log in there over HTTP as their browsers would."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from anmi.kit.settings import Settings
from tests.builders.people import Agency
from tests.builders.sessions import PASSWORD

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Web:
    """A server that answers."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def signed_in(self, agency: Agency, employee_no: str) -> AsyncGenerator[httpx.AsyncClient]:
        """Log somebody in."""
        async with httpx.AsyncClient(base_url=f"{self.url}{API}", trust_env=False, timeout=60) as client:
            told = {"tenant_code": agency.code, "login_by": "employee_no", "login": employee_no, "password": PASSWORD}
            answer = await client.post("/identity/sessions", json=told)
            answer.raise_for_status()
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client


def cookies_of(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the header that a WebSocket of this browser carries."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}


@contextmanager
def web_server(settings: Settings, log: Path) -> Generator[Web]:
    """Run it for a while; nobody has been answered yet."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "anmi", "serve", "--port", str(port)],
            env=os.environ | environment(settings),
            stdout=said,
            stderr=said,
        )
        try:
            yield Web(port, process.pid)
        finally:
            process.terminate()
            process.wait(20)


async def until_it_answers(web: Web, within: float = 60.0) -> None:
    """Wait for the first answer."""
    async with asyncio.timeout(within), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                await client.get(f"{web.url}/health")
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
            else:
                return


def environment(settings: Settings) -> dict[str, str]:
    """Say the settings to a child as `anmi up` says them."""
    url = settings.database_app_url
    told = {
        "ANMI_DATA_DIR": settings.data_dir,
        "ANMI_DATABASE_APP_URL": url.get_secret_value() if url else "",
        "ANMI_DEMO": int(settings.demo),
        "ANMI_DEMO_CLOCK_AHEAD": settings.demo_clock_ahead,
        "ANMI_SWITCH": settings.switch,
        "ANMI_LOG_FORM": "json",
    }
    return {name: str(value) for name, value in told.items()}
