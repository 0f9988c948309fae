"""A phone floor before a running demo: people at browsers with microphones, and a test tone under every number."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright, expect

from tests.journeys.floor import SET_CLOCK, VIEWPORT, until_ten
from tests.journeys.product import QUIET, Product, Visitor, chromium, running_demo
from tests.journeys.sound import LISTEN, microphone

WITH_A_MICROPHONE = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)


@dataclass(frozen=True, slots=True)
class ToneDemo:
    """A demo in which a test tone answers under every number."""

    product: Product
    ahead: timedelta


@asynccontextmanager
async def running_tone_demo(folder: Path) -> AsyncGenerator[ToneDemo]:
    """Run it for as long as the block lasts; its clock says ten in the morning."""
    ahead = until_ten()
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "rehearsal.toml").write_text("[shares]\ntone = 1\n", encoding="utf-8")
    clock = {"ANMI_DEMO_CLOCK_AHEAD": str(int(ahead.total_seconds()))}
    async with running_demo(folder, **clock) as product:
        yield ToneDemo(product, ahead)


@dataclass(slots=True)
class Floor:
    """Phones in browsers before one product."""

    product: Product
    folder: Path
    ahead: timedelta
    opened: AsyncExitStack

    async def sit_down(self, role: str, number: int, note: float | None = None) -> Visitor:
        """Log somebody in, at a browser whose microphone hums a note."""
        flags = [*QUIET, *WITH_A_MICROPHONE]
        if note is not None:
            sound = microphone(self.folder / f"{role}-{number}.wav", note)
            flags.append(f"--use-file-for-fake-audio-capture={sound}")
        playwright = await self.opened.enter_async_context(async_playwright())
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=chromium(), args=flags)
        self.opened.push_async_callback(browser.close)
        context = await browser.new_context(locale="zh-CN", viewport=VIEWPORT, accept_downloads=True)
        context.set_default_timeout(20_000)
        await context.add_init_script(LISTEN)
        await context.add_init_script(SET_CLOCK % (self.ahead.total_seconds() * 1000))
        visitor = Visitor(await context.new_page(), self.product)
        await visitor.inside(self.product.account(role, number))
        if note is not None:
            await is_on_the_phone(visitor)
        return visitor


async def is_on_the_phone(visitor: Visitor) -> None:
    """Wait until a phone is registered: then nothing is said of it any more."""
    await visitor.there("agent-state").wait_for()
    await expect(visitor.there("phone-line")).to_have_count(0)


async def callable_case(visitor: Visitor) -> tuple[str, str]:
    """Return a case of one's own and a number of it that may be called now."""
    for case in (await visitor.call("GET", "/casework/cases?limit=50"))["items"]:
        gate = await visitor.call("GET", f"/workbench/contact-gate/cases/{case['id']}")
        for point in gate["points"]:
            if point["phone_id"] and any(
                channel["allowed"] and channel["channel"] == "voice_interactive" for channel in point["channels"]
            ):
                return case["id"], point["phone_id"]
    raise AssertionError("nobody may be called")


async def ring(visitor: Visitor, case_id: str, phone_id: str) -> str:
    """Open a case and call with one click; return the call once both speak."""
    await visitor.page.goto(f"{visitor.product.address}/workbench?case={case_id}")
    await is_on_the_phone(visitor)
    await visitor.there(f"call-{phone_id}").click()
    await expect(visitor.there("phone-phase")).to_have_attribute("data-phase", "talking", timeout=40_000)
    return (await visitor.call("GET", "/telephony/phone"))["call_id"]


async def kept(visitor: Visitor, call_id: str) -> dict[str, Any]:
    """Wait until the recording of a call is kept."""
    for _ in range(120):
        record = await visitor.call("GET", f"/telephony/records/{call_id}")
        if record["recording_id"]:
            return record
        await asyncio.sleep(0.5)
    raise AssertionError("the recording was never kept")
