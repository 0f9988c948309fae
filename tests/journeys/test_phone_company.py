"""More than two on a call, and a call that comes in: who hears whom is measured in notes."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.floor import agree
from tests.journeys.phone_floor import Floor, callable_case, kept, ring
from tests.journeys.product import ANMI, Visitor
from tests.journeys.sound import COLLEAGUE, DEBTOR, HUMMED, SUPERVISED, hears, seconds_of, tracks

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


async def extension_of(visitor: Visitor) -> str:
    return (await visitor.call("GET", "/telephony/phone"))["extension"]


async def stands(visitor: Visitor, state: str) -> None:
    await expect(visitor.there("agent-state")).to_have_attribute("data-state", state)


async def test_a_word_with_a_colleague_then_three_speak_then_a_supervisor_takes_over(floor: Floor) -> None:
    collector = await floor.sit_down("collector", 0, HUMMED)
    colleague = await floor.sit_down("collector", 1, COLLEAGUE)
    supervisor = await floor.sit_down("supervisor", 0, SUPERVISED)
    call_id = await ring(collector, *await callable_case(collector))
    await hears(collector.page, DEBTOR)

    await ask_in(collector, colleague)
    await hears(collector.page, COLLEAGUE)
    await hears(colleague.page, HUMMED)
    await collector.there("transfer-withdraw").click()
    await hears(collector.page, DEBTOR)
    await expect(collector.there("phone-guest")).to_have_count(0)
    await stands(colleague, "wrap_up")

    await ask_in(collector, colleague)
    await collector.there("transfer-conference").click()
    await expect(collector.there("phone-guest")).to_have_attribute("data-standing", "conferring")
    await hears(collector.page, DEBTOR, COLLEAGUE)
    await hears(colleague.page, HUMMED, DEBTOR)
    await collector.there("transfer-confirm").click()
    await hears(colleague.page, DEBTOR)
    await stands(collector, "wrap_up")
    await asyncio.sleep(2)

    await take_over(supervisor, colleague)
    await hears(supervisor.page, DEBTOR)
    await stands(colleague, "wrap_up")
    await asyncio.sleep(2)
    await supervisor.there("phone-hang-up").click()
    await stands(supervisor, "wrap_up")
    await was_heard(floor, call_id)


async def ask_in(collector: Visitor, colleague: Visitor) -> None:
    """Ask a colleague into the call; the debtor waits until it is settled."""
    await collector.there("phone-transfer").click()
    await collector.there(f"transfer-to-{await extension_of(colleague)}").click()
    await collector.there("transfer-attended").click()
    await expect(collector.there("phone-guest")).to_have_attribute("data-standing", "ringing")
    await colleague.there("phone-answer").click()
    await expect(collector.there("phone-guest")).to_have_attribute("data-standing", "consulting")
    await expect(colleague.there("phone-guest")).to_have_count(0)


async def take_over(supervisor: Visitor, agent: Visitor) -> None:
    """Take an agent's place, after one question."""
    await supervisor.go("telephony/floor")
    row = supervisor.there(f"floor-agent-{await extension_of(agent)}")
    await row.get_by_test_id("floor-take-over").click()
    await agree(supervisor.page)


async def was_heard(floor: Floor, call_id: str) -> None:
    """The debtor is alone on her track, and the journal knows who was asked in and who took over."""
    administrator = await floor.sit_down("phone_administrator", 0)
    record = await kept(administrator, call_id)
    kinds = [line["kind"] for line in record["journal"]]
    assert [kinds.count(kind) for kind in ("TransferAsked", "ConferenceAsked", "TakeOverAsked")] == [2, 1, 1]
    path = f"/telephony/recordings/{record['recording_id']}/download"
    handed = await administrator.call("POST", path, {"reason": "核对演练录音"})
    answer = await administrator.page.request.get(floor.product.address + handed["url"])
    debtor, heard, rate = tracks(await answer.body())
    assert [seconds_of(debtor, rate, note) > 0 for note in (DEBTOR, COLLEAGUE, SUPERVISED)] == [True, False, False]
    assert seconds_of(heard, rate, DEBTOR) == 0
    assert seconds_of(heard, rate, COLLEAGUE) > 1
    assert seconds_of(heard, rate, SUPERVISED) > 1


async def test_a_debtor_who_calls_back_comes_to_whose_case_it_is_and_else_to_whoever_is_ready(floor: Floor) -> None:
    collector = await floor.sit_down("collector", 2, HUMMED)
    case_id, phone_id = await callable_case(collector)
    await ring(collector, case_id, phone_id)
    await collector.there("phone-hang-up").click()
    await stands(collector, "wrap_up")
    await collector.call("POST", "/telephony/phone/finish")
    await stands(collector, "ready")
    await collector.there("call-forget").click()
    await collector.page.keyboard.press("Alt+w")
    await expect(collector.there(f"case-{case_id}")).to_have_count(0)

    await calls_back(floor)
    await expect(collector.there(f"case-{case_id}")).to_be_visible()
    await collector.there("phone-answer").click()
    await hears(collector.page, DEBTOR)
    record = await own_call(collector)
    assert (record["direction"], record["subject_id"]) == ("inbound", case_id)
    await collector.there("phone-hang-up").click()
    await stands(collector, "wrap_up")

    # She writes; whoever is ready takes the next.
    colleague = await floor.sit_down("collector", 3, COLLEAGUE)
    await colleague.call("POST", "/telephony/phone/state", {"to": "ready"})
    await calls_back(floor)
    await colleague.there("phone-answer").click()
    await hears(colleague.page, DEBTOR)
    assert (await own_call(colleague))["direction"] == "inbound"
    await colleague.there("phone-hang-up").click()
    await stands(colleague, "wrap_up")


async def own_call(visitor: Visitor) -> Any:
    phone = await visitor.call("GET", "/telephony/phone")
    return await visitor.call("GET", f"/telephony/calls/{phone['call_id']}")


async def calls_back(floor: Floor) -> None:
    """Let the debtor who was called last call back."""
    told = os.environ | {"ANMI_DATA_DIR": str(floor.product.data_dir)}
    command = await asyncio.create_subprocess_exec(
        ANMI, "rehearsal", "call-back", env=told, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await command.communicate()
    assert command.returncode == 0, said.decode()
