"""The main job, whole: a spreadsheet in, a call out, every word of it heard, noted, inspected and kept.

Everybody is real but the debtors: Chromium, Asterisk on both ends, PostgreSQL, and the embedded recogniser.
"""

from __future__ import annotations

import asyncio
import io
import sys
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest
from playwright.async_api import async_playwright, expect
from python_calamine import load_workbook

from tests.builders.messy_sheet import MessySheet
from tests.journeys.casework import Operations
from tests.journeys.floor import CHINA, SET_CLOCK, VIEWPORT, fen, until_ten
from tests.journeys.phone_floor import WITH_A_MICROPHONE, is_on_the_phone, kept, ring
from tests.journeys.product import QUIET, Product, Visitor, chromium, running_demo
from tests.journeys.sound import is_wav
from tests.journeys.voices import microphone_of

# On a quiet machine it takes some three minutes.
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

CREDITOR: Final = "青禾小额贷款"
PRODUCT: Final = "个体经营贷"
CODE: Final = "QH-BIZ-MAIN-JOB"
PROMISED_FEN: Final = 350_000

# She waits until the debtor has picked up, and after each sentence until he has answered.
POLITE: Final = (9.0, "opening", 5.0, "purpose", 6.5, "confirm", 6.0, "goodbye", 20.0)
THREATENING: Final = (9.0, "threat-door", 4.0, "threat-careful", 4.0)
PATIENCE: Final = 90.0
"""Seconds for what a busy machine does in the background."""


@dataclass(slots=True)
class Day:
    """One working day before a running product whose debtors all promise."""

    product: Product
    folder: Path
    ahead: timedelta
    opened: AsyncExitStack
    took: dict[str, float] = field(default_factory=dict[str, float])
    _since: float = field(default_factory=monotonic)

    @property
    def today(self) -> date:
        """The day of the demo's clock."""
        return (datetime.now(UTC) + self.ahead).astimezone(CHINA).date()

    def mark(self, step: str) -> None:
        """Keep how long a step took."""
        now = monotonic()
        self.took[step], self._since = now - self._since, now

    async def sit_down(self, role: str, number: int = 0, voice: tuple[str | float, ...] = ()) -> Visitor:
        """Log somebody in, at a browser into whose microphone she speaks."""
        flags = [*QUIET, *WITH_A_MICROPHONE]
        if voice:
            sound = microphone_of(self.folder / f"{role}-{number}.wav", *voice)
            flags.append(f"--use-file-for-fake-audio-capture={sound}")
        playwright = await self.opened.enter_async_context(async_playwright())
        playwright.selectors.set_test_id_attribute("data-test")
        browser = await playwright.chromium.launch(executable_path=chromium(), args=flags)
        self.opened.push_async_callback(browser.close)
        context = await browser.new_context(locale="zh-CN", viewport=VIEWPORT, accept_downloads=True)
        context.set_default_timeout(20_000)
        await context.add_init_script(SET_CLOCK % (self.ahead.total_seconds() * 1000))
        visitor = Visitor(await context.new_page(), self.product)
        await visitor.inside(self.product.account(role, number))
        if voice:
            await is_on_the_phone(visitor)
        return visitor


@asynccontextmanager
async def a_day(folder: Path) -> AsyncGenerator[Day]:
    """Run a demo at ten in the morning in which everybody who is called picks up and promises."""
    ahead = until_ten()
    (folder / "data").mkdir(mode=0o700)
    (folder / "data" / "rehearsal.toml").write_text("[shares]\npromises = 1\n", encoding="utf-8")
    clock = {"ANMI_DEMO_CLOCK_AHEAD": str(int(ahead.total_seconds()))}
    async with running_demo(folder, **clock) as product, AsyncExitStack() as opened:
        yield Day(product, folder, ahead, opened)


async def comes(asked: Callable[[], Awaitable[Any]], what: str, within: float = PATIENCE) -> Any:
    """Ask again and again until there is an answer; fail with what was waited for."""
    until = monotonic() + within
    while monotonic() < until:
        if answer := await asked():
            return answer
        await asyncio.sleep(1)
    raise AssertionError(f"{what}: not within {within:.0f} seconds")


async def test_the_main_job_from_spreadsheet_to_kept_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_day(tmp_path) as day:
        office, collector = await asyncio.gather(day.sit_down("operations"), day.sit_down("collector", 0, POLITE))
        case_ids = await import_open_and_allocate(day, office)
        day.mark("import, open, allocate")

        case_id, phone_id = await may_be_called(collector, case_ids)
        call_id = await ring(collector, case_id, phone_id)
        await reads_along(collector, call_id)
        day.mark("ring and read along")
        await confirm_the_note(day, collector, call_id)
        day.mark("talk and note")

        inspector = await day.sit_down("inspector")
        await look_through(day, inspector, call_id)
        day.mark("transcript and score")

        await threaten(day, inspector, case_ids)
        await pack_of_the_day(day, call_id)
        day.mark("pack")
        with capsys.disabled():
            lines = (f"  {step:<28} {seconds:6.1f} s" for step, seconds in day.took.items())
            sys.stdout.write("\nThe main job:\n" + "\n".join(lines) + "\n")


async def import_open_and_allocate(day: Day, office: Visitor) -> list[str]:
    """A creditor's sheet becomes cases in two collectors' hands; return the cases of the first."""
    sheet = MessySheet(day.today, rows=40, mistaken=6, doubled=2, siblings=0)
    desk = Operations(office)
    await desk.place(CREDITOR, PRODUCT, CODE)
    await desk.send(sheet.write(day.folder / "委案清单.xlsx"))
    assert await desk.figure("accepted") == str(len(sheet.accepted))
    assert fen(await desk.figure("total")) == sum(one.placed_fen for one in sheet.accepted)
    await desk.commit()
    await desk.open_cases()
    people = [day.product.account("collector", number) for number in range(2)]
    await desk.allocate(CODE, [one["employee_no"] for one in people])
    shares = {share.name: share.count for share in await desk.shares()}
    await desk.carry_out()
    found = await office.call("GET", f"/casework/cases?placement_id={desk.placement_id}&limit=200")
    assert len(found["items"]) == sum(shares.values()) == len(sheet.accepted)
    return [case["id"] for case in found["items"]]


async def may_be_called(collector: Visitor, case_ids: list[str]) -> tuple[str, str]:
    """Return one of her new cases and the debtor's own number, which may be called now."""
    for case_id in case_ids:
        if await collector.status("GET", f"/casework/cases/{case_id}") != 200:
            continue
        gate = await collector.call("GET", f"/workbench/contact-gate/cases/{case_id}")
        for point in gate["points"]:
            open_now = any(one["allowed"] and one["channel"] == "voice_interactive" for one in point["channels"])
            if point["phone_id"] and point["relation"] == "debtor" and open_now:
                return case_id, point["phone_id"]
    raise AssertionError("nobody may be called")


async def reads_along(collector: Visitor, call_id: str) -> None:
    """The words of both stand on the agent's screen while the call lasts."""
    await expect(collector.there("live-line").first).to_be_visible(timeout=PATIENCE * 1000)
    await expect(collector.there("phone-phase")).to_have_attribute("data-phase", "talking")
    heard = await collector.call("GET", f"/quality/live/{call_id}")
    assert heard["is_heard"]
    assert heard["lines"]


async def confirm_the_note(day: Day, collector: Visitor, call_id: str) -> None:
    """The debtor hangs up; what he promised stands in the form with his sentence, and the collector confirms it."""
    await expect(collector.there("agent-state")).to_have_attribute("data-state", "wrap_up", timeout=PATIENCE * 1000)
    friday = day.today + timedelta(days=7 - day.today.weekday() + 4)

    async def noted() -> bool:
        draft = await collector.call("GET", f"/workbench/dispositions/draft?call_id={call_id}")
        amount, due_on = draft["promise_amount_fen"], draft["promise_due_on"]
        return bool(amount and due_on and (amount["value"], due_on["value"]) == (PROMISED_FEN, friday.isoformat()))

    await comes(noted, "the promise in the half-written note")
    await expect(collector.there("offer-day")).to_contain_text(friday.isoformat(), timeout=PATIENCE * 1000)
    await expect(collector.there("offer-amount")).to_contain_text("3,500.00")
    await collector.there("offer-take-all").click()
    await expect(collector.there("offer-amount")).to_have_attribute("data-standing", "taken")
    await collector.there("save").click()
    await expect(collector.there("agent-state")).not_to_have_attribute("data-state", "wrap_up")
    promise = collector.there("standing-promise")
    assert fen(await promise.locator(".money").first.inner_text()) == PROMISED_FEN


async def inspection_of(inspector: Visitor, call_id: str) -> dict[str, Any]:
    """Wait until the machine has read a call whose text is written."""

    async def read() -> bool:
        if await inspector.status("GET", f"/telephony/transcripts/{call_id}") != 200:
            return False
        written = await inspector.call("GET", f"/telephony/transcripts/{call_id}")
        is_there = await inspector.status("GET", f"/quality/inspections/of-call/{call_id}") == 200
        return written["state"] == "written" and is_there

    await comes(read, "transcript and inspection")
    return await inspector.call("GET", f"/quality/inspections/of-call/{call_id}")


async def look_through(day: Day, inspector: Visitor, call_id: str) -> None:
    """Sound, text and score stand on one screen; the promise the machine heard stands there too."""
    await kept(inspector, call_id)
    inspection = await inspection_of(inspector, call_id)
    await inspector.page.goto(f"{day.product.address}/quality/inspections?open={inspection['id']}")
    await expect(inspector.there("inspection-score")).to_contain_text(str(inspection["score"]))
    await expect(inspector.there("inspection-promise")).to_contain_text("3,500.00")
    await expect(inspector.there("inspection-panel")).to_contain_text("三千五")
    await inspector.there("player-play").click()
    await expect(inspector.there("player")).to_have_attribute("data-playing", "true")


async def threaten(day: Day, inspector: Visitor, case_ids: list[str]) -> None:
    """An agent threatens twice: her supervisor is alarmed with the words, the rule ends the call, all of it is kept."""
    owner = await day.sit_down("owner")
    policy = await owner.call("GET", "/quality/live/policy")
    wanted = {
        name: policy[name] for name in ("version", "escalate_after_seconds", "silence_seconds", "overlong_seconds")
    }
    await owner.call("PUT", "/quality/live/policy", wanted | {"force_release": {"V01": 2}})
    supervisor, agent = await asyncio.gather(day.sit_down("supervisor"), day.sit_down("collector", 1, THREATENING))
    await supervisor.go("quality/alarms")
    call_id = await ring(agent, *await may_be_called(agent, case_ids))
    day.mark("ring again")
    alarm = supervisor.page.locator("article[data-code=V01]").first
    await expect(alarm).to_be_visible(timeout=PATIENCE * 1000)
    day.mark("alarm on the wall")
    await expect(agent.there("agent-state")).to_have_attribute("data-state", "wrap_up", timeout=PATIENCE * 1000)
    day.mark("force release")

    found = (await supervisor.call("GET", "/quality/alarms?limit=50"))["items"]
    raised = [one for one in found if one["call_id"] == call_id and one["code"] == "V01"]
    assert any(one["has_released"] for one in raised)
    assert any("门口" in one["words"] or "小心" in one["words"] for one in raised)
    await alarm.get_by_test_id("alarm-answer").click()
    await supervisor.there("answer-talked_to").click()
    await supervisor.there("alarm-submit").click()
    await expect(supervisor.there("alarm-dialog")).to_be_hidden()

    record = await kept(inspector, call_id)
    assert record["recording_id"]
    inspection = await inspection_of(inspector, call_id)
    assert inspection["is_vetoed"]
    assert "V01" in inspection["codes"]
    await inspector.page.goto(f"{day.product.address}/quality/inspections?open={inspection['id']}")
    await expect(inspector.there("finding-V01").first).to_be_visible()
    day.mark("evidence")


async def pack_of_the_day(day: Day, call_id: str) -> None:
    """The owner takes the recordings of the day along, with their calls and the diaries of their cases."""
    owner = await day.sit_down("owner")
    await owner.go("telephony/records")
    await owner.there("records-pack").click()
    await owner.there("reason").fill("当日录音归档")
    async with owner.page.expect_download() as begun:
        await owner.there("reason-submit").click()
    path = day.folder / "pack.zip"
    await (await begun.value).save_as(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as pack:
        assert pack.testzip() is None
        sounds = [name for name in pack.namelist() if name.endswith(".wav")]
        calls, diary = (_rows(pack.read(name)) for name in ("index.xlsx", "activities.xlsx"))
        assert is_wav(pack.read(next(name for name in sounds if call_id[-8:] in name)))
    assert len(sounds) == len(calls) == 2
    assert any(call_id in row for row in diary), "what the collector confirmed stands in the diary of the case"


def _rows(sheet: bytes) -> list[list[Any]]:
    """Return the rows of a sheet below its header."""
    return load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()[1:]
