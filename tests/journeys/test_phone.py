"""A call from one click to the kept recording, over a real switch: who hears whom is measured in notes."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.journeys.phone_floor import Floor, callable_case, kept, ring
from tests.journeys.product import Visitor
from tests.journeys.sound import DEBTOR, HUMMED, SUPERVISED, hears, is_wav, seconds_of, tracks

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


async def test_a_call_from_one_click_to_the_kept_recording(floor: Floor) -> None:
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
    await colleague.there(f"row-{call_id}").click()
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
