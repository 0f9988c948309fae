"""The live watch under load: from the end of an utterance to its text, to the alarm at a page, to the release.

Everything is real: SIP phones that speak recorded sentences, debtors that answer them, Asterisk, the engine, the
embedded recogniser, PostgreSQL, the web server and a WebSocket client. When an utterance ends is told by the loudness
of the frames as they arrive, not by the recogniser. Agents threaten in every other sentence, so that there is something
to alarm; in a last round the agency's policy ends each call at the first threat.

Run: `.venv/bin/python benchmarks/live_watch.py [--calls 10 --seconds 60]`; `--find-limit` adds calls until text takes
more than two seconds for one utterance in twenty.
"""

from __future__ import annotations

import argparse
import array
import asyncio
import contextlib
import json
import math
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop
from sqlalchemy import select
from websockets.asyncio.client import connect

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER
from anmi.adapters.asterisk.listening import Listener
from anmi.adapters.speech.choice import SpeechSettings, choose_speech
from anmi.core.call_legs import Leg
from anmi.core.live_watch_policy import WatchPolicy
from anmi.core.live_watch_views import Side
from anmi.entrypoints.watch.watchman import READING_NICENESS, Watchman
from anmi.kit.caller import the_system
from anmi.kit.live import News
from anmi.quality.alarms.models import Alarm
from anmi.quality.live_watch.models import LiveLine
from anmi.quality.live_watch.service import WatchPolicies
from anmi.telephony.calls.models import Call, CallJournalLine
from benchmarks._measuring import spent_by_process, spread
from benchmarks._phone_floor import TALKATIVE, PhoneFloor, a_phone_floor
from benchmarks._web import cookies_of, until_it_answers, web_server
from tests.builders.sessions import somebody_with_a_password

TEXT_MS, ALARM_MS, RELEASE_MS, HOLDS_MS = 1200.0, 1500.0, 100.0, 2000.0
VOICES: Final = Path(__file__).parent.parent / "tests" / "fixtures" / "agent"
SAID: Final = tuple(VOICES / name for name in ("purpose", "threat-door", "confirm", "threat-careful"))
SUPERVISOR: Final = "S0001"
LOUD: Final = 300.0
"""Mean amplitude of a frame in which somebody speaks; line noise of the rehearsal is far below."""
PAUSE: Final = 0.3
NEAR: Final = 1.0
"""How far the recogniser may place the end of a line from where it was heard to end."""
STEP: Final = 4
WEB_SECONDS: Final = 240.0


class Listened:
    """The live sound of calls, and when each of its utterances ended by the clock on the wall."""

    def __init__(self, sound: Listener) -> None:
        self._sound = sound
        self.ends: defaultdict[tuple[UUID, Side], list[float]] = defaultdict(list)

    def said_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what a leg says."""
        return self._noted(call_id, Side.DEBTOR, self._sound.said_by(call_id, leg))

    def heard_by(self, call_id: UUID, leg: Leg) -> AsyncIterator[bytes]:
        """Yield what a leg hears."""
        return self._noted(call_id, Side.AGENT, self._sound.heard_by(call_id, leg))

    async def _noted(self, call_id: UUID, side: Side, frames: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
        spoken_at: float | None = None
        async with contextlib.aclosing(frames):
            async for frame in frames:
                now = time.time()
                if _loudness(frame) > LOUD:
                    spoken_at = now
                elif spoken_at is not None and now - spoken_at > PAUSE:
                    self.ends[call_id, side].append(spoken_at)
                    spoken_at = None
                yield frame


def _loudness(frame: bytes) -> float:
    samples = array.array("h", frame[: len(frame) // 2 * 2])
    return math.fsum(map(abs, samples[::8])) / max(1, len(samples[::8]))


@dataclass(slots=True)
class Told:
    """When what was told: at the commit in the watch, and at the supervisor's page."""

    lines: dict[tuple[str, int], float] = field(default_factory=dict[tuple[str, int], float])
    alarms: dict[str, float] = field(default_factory=dict[str, float])
    line_of: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    _last: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])

    def hear(self, _tenant_id: UUID, news: News) -> None:
        """Take news at the commit."""
        call_id = str(news.about.get("call_id"))
        if (news.topic, news.kind) == ("watch", "Line"):
            line = self._last[call_id] = call_id, int(news.about["number"])
            self.lines[line] = time.time()
        elif news.topic == "alarms" and call_id in self._last:
            self.line_of.setdefault(str(news.about["alarm_id"]), self._last[call_id])


@asynccontextmanager
async def a_page(floor: PhoneFloor, told: Told, folder: Path) -> AsyncGenerator[None]:
    """Let a supervisor sit before the alarm wall."""
    settings = floor.house.settings
    await somebody_with_a_password(floor.house.units, floor.agency, "supervisor", employee_no=SUPERVISOR)
    with web_server(settings, folder / "web.log") as web:
        await until_it_answers(web, WEB_SECONDS)
        async with web.signed_in(floor.agency, SUPERVISOR) as client:
            address = f"ws://127.0.0.1:{web.port}/api/v1/live"
            async with connect(address, additional_headers=cookies_of(client)) as socket:
                await socket.send(json.dumps({"subscribe": ["alarms", "watch"]}))

                async def listen() -> None:
                    async for message in socket:
                        said = json.loads(message)
                        if said.get("topic") == "alarms":
                            told.alarms.setdefault(said["about"]["alarm_id"], time.time())

                listening = asyncio.create_task(listen())
                try:
                    yield
                finally:
                    listening.cancel()


@asynccontextmanager
async def watched(floor: PhoneFloor, told: Told) -> AsyncGenerator[Listened]:
    """Watch the calls of the floor, in this process."""
    house = floor.house
    async with Listener.at(floor.pbx) as listener:
        sound = Listened(listener)
        speech = await asyncio.to_thread(choose_speech, SpeechSettings(), READING_NICENESS)
        async with speech.listen(channels=1, sample_rate=16_000):
            pass  # The model is awake before the first call.
        house.units.ears.append(told.hear)
        watchman = Watchman(house.settings.engine_name, house.units, sound, speech, house.inspector)
        watching = asyncio.create_task(watchman.run())
        try:
            yield sound
        finally:
            house.units.ears.remove(told.hear)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def until_debtors_are_there(floor: PhoneFloor) -> None:
    """Wait until the personas play: before that, the network is congested."""
    places = floor.carrier.places
    async with Ari(places.ari_url, USER, places.ari_secret, APP) as network, asyncio.timeout(WEB_SECONDS):
        while not any(told["name"] == APP for told in await network.get("applications")):
            await asyncio.sleep(0.2)


async def talk(floor: PhoneFloor, calls: int, first: int) -> list[UUID]:
    """Let agents call, one after the other."""
    placed: list[UUID] = []
    for agent in floor.agents[first : first + calls]:
        placed.append(await floor.click(agent))
        await asyncio.sleep(0.2)
    return placed


async def measure(floor: PhoneFloor, sound: Listened, told: Told, calls: list[UUID]) -> dict[str, Any]:
    """Hold lines and alarms of these calls against when they were heard to end."""
    async with floor.house.units.begin(the_system(floor.agency.tenant_id)) as unit:
        lines = (await unit.session.scalars(select(LiveLine).where(LiveLine.call_id.in_(calls)))).all()
        rows = {row.id: row for row in await unit.session.scalars(select(Call).where(Call.id.in_(calls)))}
    ahead = floor.house.units.clock().timestamp() - time.time()
    ended: dict[tuple[str, int], float] = {}
    for line in lines:
        connected_at = rows[line.call_id].connected_at
        assert connected_at is not None
        placed = connected_at.timestamp() - ahead + line.ended_ms / 1000
        heard = [end for end in sound.ends[line.call_id, line.side] if abs(end - placed) < NEAR]
        if heard:
            ended[str(line.call_id), line.number] = min(heard, key=lambda end: abs(end - placed))
    text = [told.lines[line] - end for line, end in ended.items() if line in told.lines]
    alarms = [at - ended[told.line_of[name]] for name, at in told.alarms.items() if told.line_of.get(name) in ended]
    return {
        "lines": len(lines),
        "measured": len(text),
        "text_ms": spread([1000 * each for each in text]),
        "alarms": len(alarms),
        "alarm_ms": spread([1000 * each for each in alarms]),
    }


async def released(floor: PhoneFloor, calls: list[UUID]) -> dict[str, Any]:
    """Return the milliseconds from each decision to the end of the debtor's leg, and until the engine heard of it."""
    async with floor.house.units.begin(the_system(floor.agency.tenant_id)) as unit:
        decided = {
            alarm.call_id: alarm.at
            for alarm in await unit.session.scalars(
                select(Alarm).where(Alarm.call_id.in_(calls), Alarm.has_released.is_(True))
            )
        }
        journal = (
            await unit.session.scalars(select(CallJournalLine).where(CallJournalLine.call_id.in_(list(decided))))
        ).all()
    heard, ended = list[float](), list[float]()
    for line in journal:
        after = 1000 * (line.at - decided[line.call_id]).total_seconds()
        match line.event:
            case {"kind": "ForceReleaseAsked"}:
                heard.append(after)
            case {"kind": "LegEnded", "leg": str(leg)} if leg.startswith("debtor"):
                ended.append(after)
            case _:
                pass
    return {"calls": len(ended)} | spread(ended) | {"until_heard": spread(heard)}


async def hang_up(floor: PhoneFloor, calls: list[UUID]) -> None:
    """End what still lives."""
    from anmi.telephony.calls.service import CallOver, Calls  # noqa: PLC0415 - the rest of the file only measures

    for call_id in calls:
        with contextlib.suppress(CallOver):
            async with floor.house.units.begin(the_system(floor.agency.tenant_id)) as unit:
                await Calls(unit).release(call_id, "测量结束")


async def run(asked: argparse.Namespace) -> int:
    """Measure, print, and say whether it is enough."""
    most = asked.most if asked.find_limit else asked.calls
    steps = [asked.calls, *range(asked.calls + STEP, most + 1, STEP)] if asked.find_limit else [asked.calls]
    agents = sum(steps) + asked.calls
    result: dict[str, Any] = {"cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="anmi-live-watch-") as name:
        folder, told = Path(name), Told()
        async with (
            a_phone_floor(folder, [TALKATIVE], agents=agents, targets=agents * 2, voices=SAID) as floor,
            a_page(floor, told, folder),
            watched(floor, told) as sound,
        ):
            await until_debtors_are_there(floor)
            first = 0
            for calls in steps:
                spent = spent_by_process(os.getpid())
                placed = await talk(floor, calls, first)
                first += calls
                await asyncio.sleep(asked.seconds)
                found = await measure(floor, sound, told, placed)
                found["cores_used"] = round((spent_by_process(os.getpid()) - spent) / asked.seconds, 2)
                result.setdefault("rounds", []).append({"calls": calls} | found)
                await hang_up(floor, placed)
                await asyncio.sleep(2)
                if found["text_ms"].get("p95", math.inf) > HOLDS_MS:
                    break
            async with floor.house.units.begin(the_system(floor.agency.tenant_id)) as unit:
                await WatchPolicies(unit).set(WatchPolicy(force_release={"V01": 1}), 0)
            placed = await talk(floor, asked.calls, first)
            await asyncio.sleep(asked.seconds / 2)
            result["release_ms"] = await released(floor, placed)
            await hang_up(floor, placed)
    holds = [each["calls"] for each in result["rounds"] if each["text_ms"].get("p95", math.inf) <= HOLDS_MS]
    result["holds_two_seconds"] = max(holds, default=0)
    first_round = result["rounds"][0]
    is_enough = (
        first_round["text_ms"].get("p95", math.inf) <= TEXT_MS
        and first_round["alarm_ms"].get("p95", math.inf) <= ALARM_MS
        and result["release_ms"].get("p95", math.inf) <= RELEASE_MS
    )
    print(json.dumps(result | {"is_enough": is_enough}, ensure_ascii=False, indent=1))
    return 0 if is_enough else 1


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--find-limit", action="store_true")
    parser.add_argument("--most", type=int, default=30)
    return uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
