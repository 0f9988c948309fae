"""A call from one click to the kept recording, over a real switch: who hears whom is measured in notes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from tests.journeys.conftest import QUIET, Product, Visitor, chromium, running_demo
from tests.journeys.floor import SET_CLOCK, VIEWPORT, until_ten
from tests.journeys.sound import (
    DEBTOR,
    HUMMED,
    LISTEN,
    SUPERVISED,
    hears,
    is_wav,
    microphone,
    seconds_of,
    tracks,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

WITH_A_MICROPHONE = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
)


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


@asynccontextmanager
async def a_floor(folder: Path) -> AsyncGenerator[Floor]:
    """Run a demo in which a test tone answers under every number."""
    ahead = until_ten()
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "rehearsal.toml").write_text("[shares]\ntone = 1\n", encoding="utf-8")
    clock = {"ANMI_DEMO_CLOCK_AHEAD": str(int(ahead.total_seconds()))}
    async with running_demo(folder, **clock) as product, AsyncExitStack() as opened:
        yield Floor(product, folder, ahead, opened)


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


async def test_a_call_from_one_click_to_the_kept_recording(tmp_path: Path) -> None:
    async with a_floor(tmp_path) as floor:
        collector = await floor.sit_down("collector", 0, HUMMED)
        call_id = await ring(collector, *await callable_case(collector))
        await hears(collector.page, DEBTOR)

        await collector.there("phone-hold").click()
        await expect(collector.there("phone-phase")).to_have_attribute("data-phase", "held")
        await hears(collector.page)
        await collector.there("phone-hold").click()
        await expect(collector.there("phone-phase")).to_have_attribute("data-phase", "talking")
        await hears(collector.page, DEBTOR)

        supervisor = await floor.sit_down("supervisor", 0, SUPERVISED)
        await watch_whisper_and_barge(collector, supervisor)
        colleague = await floor.sit_down("collector", 1, HUMMED)
        await hand_over(collector, colleague)
        await force_release(supervisor, colleague)
        await write_down(collector)
        await hear_again(floor, colleague, call_id)


async def watch_whisper_and_barge(collector: Visitor, supervisor: Visitor) -> None:
    """A supervisor hears both; whispering only the agent hears her; barging in everybody does."""
    await supervisor.go("telephony/floor")
    await supervisor.there("floor-do-listen").click()
    await hears(supervisor.page, HUMMED, DEBTOR)
    await hears(collector.page, DEBTOR)
    await supervisor.there("floor-do-whisper").click()
    await hears(collector.page, DEBTOR, SUPERVISED)
    await asyncio.sleep(4)
    await supervisor.there("floor-do-barge").click()
    await hears(supervisor.page, HUMMED, DEBTOR)
    await hears(collector.page, DEBTOR, SUPERVISED)
    await asyncio.sleep(3)
    await supervisor.there("phone-stop-watching").click()
    await hears(collector.page, DEBTOR)


async def hand_over(collector: Visitor, colleague: Visitor) -> None:
    """A blind transfer: the colleague speaks with the debtor, the collector is free to write."""
    extension = (await colleague.call("GET", "/telephony/phone"))["extension"]
    await collector.there("phone-transfer").click()
    await collector.there(f"transfer-to-{extension}").click()
    await collector.there("transfer-blind").click()
    await colleague.there("phone-answer").click()
    await expect(colleague.there("phone-phase")).to_have_attribute("data-phase", "talking")
    await hears(colleague.page, DEBTOR)
    await expect(collector.there("agent-state")).to_have_attribute("data-state", "wrap_up")


async def force_release(supervisor: Visitor, colleague: Visitor) -> None:
    """A supervisor ends a call that is not hers, and says why."""
    extension = (await colleague.call("GET", "/telephony/phone"))["extension"]
    await supervisor.there(f"floor-agent-{extension}").get_by_test_id("floor-release").click()
    await supervisor.there("reason").fill("演练：强拆")
    await supervisor.there("reason-submit").click()
    await expect(colleague.there("agent-state")).to_have_attribute("data-state", "wrap_up")
    log = await supervisor.status(
        "POST", "/telephony/calls/00000000-0000-0000-0000-000000000000/release", {"reason": "没有此通"}
    )
    assert log == 404


async def write_down(collector: Visitor) -> None:
    """The entry is written once, and the wrap-up is over."""
    await collector.there("level-right_party").click()
    await collector.there("result-NEG").click()
    await collector.there("note").fill("演练通话，已转接同事。")
    await collector.there("save").click()
    await expect(collector.there("agent-state")).not_to_have_attribute("data-state", "wrap_up")


async def hear_again(floor: Floor, colleague: Visitor, call_id: str) -> None:
    """It plays in the page; a collector may not take it away, who administers the phone may; both tracks are right."""
    administrator = await floor.sit_down("phone_administrator", 0)
    record = await kept(administrator, call_id)
    recording_id = record["recording_id"]

    await colleague.go("telephony/records")
    await colleague.there("records-table").locator("tbody tr").first.click()
    await colleague.there("player-play").click()
    await expect(colleague.there("player")).to_have_attribute("data-playing", "true")

    why = {"reason": "客户投诉取证"}
    assert await colleague.status("POST", f"/telephony/recordings/{recording_id}/download", why) == 403
    handed = await administrator.call("POST", f"/telephony/recordings/{recording_id}/download", why)
    answer = await administrator.page.request.get(floor.product.address + handed["url"])
    data = await answer.body()
    assert is_wav(data)
    debtor, heard, rate = tracks(data)
    assert len(debtor) == len(heard)
    assert seconds_of(debtor, rate, DEBTOR) > 5
    assert seconds_of(debtor, rate, HUMMED) == 0
    assert seconds_of(debtor, rate, SUPERVISED) == 0
    assert seconds_of(heard, rate, HUMMED) > 5
    assert seconds_of(heard, rate, DEBTOR) == 0
    # She barged in for some three seconds, and had whispered for four: the debtor never heard the whisper.
    assert 1 < seconds_of(heard, rate, SUPERVISED) < 6
