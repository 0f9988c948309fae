"""The running product (`anmi demo` on a port of its own), and somebody at a browser before it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import APIResponse, Page

from anmi.kit.secret_files import read_json

ANMI = Path(sys.executable).with_name("anmi")
START_SECONDS = 240.0

# The browser asks nobody outside this machine; without these flags it looks for its maker's hosts at every start.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True)
class Product:
    """A running demo and who may log in there."""

    address: str
    data_dir: Path

    def account(self, role: str, number: int = 0) -> dict[str, str]:
        """Return one of the demo's people."""
        accounts = read_json(self.data_dir / "secrets" / "demo-accounts.json")
        return [account for account in accounts if account["role"] == role][number]


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser."""

    page: Page
    product: Product

    def there(self, mark: str) -> Any:
        """Return what carries a mark (`data-test`)."""
        return self.page.get_by_test_id(mark)

    async def log_in(self, account: dict[str, str], *, by: str = "employee_no", password: str | None = None) -> None:
        """Fill in the door and knock."""
        await self.page.goto(f"{self.product.address}/login")
        await self.there("login-agency").fill(account["tenant_code"])
        if by == "phone":
            await self.there("login-by-phone").click()
            await self.there("login-phone").fill(account["phone"])
        else:
            await self.there("login-employee-no").fill(account["employee_no"])
        await self.page.locator("[data-test=login-password]:visible").fill(password or account["password"])
        await self.page.locator("[data-test=login-submit]:visible").click()

    async def inside(self, account: dict[str, str], **how: Any) -> None:
        """Log in and wait for the desk."""
        await self.log_in(account, **how)
        await self.there("user-menu").wait_for()

    async def go(self, room: str) -> None:
        """Choose a room in the menu."""
        await self.there(f"menu-{room}").click()

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API with this browser's own session."""
        answer = await self._ask(method, path, body)
        assert answer.ok, await answer.text()
        return await answer.json() if answer.status != 204 else None

    async def status(self, method: str, path: str, body: Any = None) -> int:
        """Ask the API for what may well be refused, and return the status of its answer."""
        return (await self._ask(method, path, body)).status

    async def _ask(self, method: str, path: str, body: Any) -> APIResponse:
        session = await (await self.page.request.get(f"{self.product.address}/api/v1/identity/session")).json()
        return await self.page.request.fetch(
            f"{self.product.address}/api/v1{path}",
            method=method,
            headers={"X-CSRF-Token": session["csrf_token"], "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body),
        )


def chromium() -> str:
    """Return where the browser is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "Journeys need Chromium: apt-get install chromium fonts-noto-cjk"
    return found


@asynccontextmanager
async def running_demo(folder: Path, **told: str) -> AsyncGenerator[Product]:
    """Run a demo in a folder of its own for as long as the block lasts."""
    data_dir, log_file = folder / "data", folder / "demo.log"
    environment = os.environ | {"ANMI_DATA_DIR": str(data_dir), "ANMI_PORT": "0", "ANMI_LOG_FORM": "json"} | told
    log = log_file.open("wb")
    process = await asyncio.create_subprocess_exec(
        ANMI, "demo", env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            while not (data_dir / "address").exists():
                assert process.returncode is None, log_file.read_text(encoding="utf-8")
                await asyncio.sleep(0.1)
        yield Product((data_dir / "address").read_text(encoding="utf-8").strip().rstrip("/"), data_dir)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), 60)
        log.close()
