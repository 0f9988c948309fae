"""From the debtor's answer to the agent's page: the news that opens the case, over the live socket of her browser.

Everything is real but the browser: log-in, click and socket go through the web server, calls through engine and switch.
The answer is stamped by Asterisk, the news when the page's socket has it. The page shows the case at the click already;
what comes at the answer is that the two speak.

Run: `.venv/bin/python benchmarks/screen_pop.py [--agents 20 --rate 4 --calls 120]`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from benchmarks._measuring import spread
from benchmarks._phone_floor import SHORT, PhoneFloor, a_phone_floor
from benchmarks._phone_people import employee_no
from benchmarks._switch_clock import SwitchClock, switch_clock
from benchmarks._web import API, Web, cookies_of, until_it_answers, web_server

POP_MS = 150.0
CONFLICT = 409


@dataclass(slots=True)
class Heard:
    """When pages were told of calls, in seconds since 1970."""

    clicked: dict[str, float] = field(default_factory=dict[str, float])
    opened: dict[str, float] = field(default_factory=dict[str, float])
    """The first that a page hears of a call: it opens the case."""
    talking: dict[str, float] = field(default_factory=dict[str, float])

    async def listen(self, page: ClientConnection) -> None:
        """Be a page."""
        async for message in page:
            told = json.loads(message)
            if told.get("kind") == "CallMoved":
                now, about = time.time(), told["about"]
                self.opened.setdefault(about["call_id"], now)
                if about["phase"] == "talking":
                    self.talking.setdefault(about["call_id"], now)


async def measure(floor: PhoneFloor, web: Web, agents: int, rate: float, calls: int) -> tuple[Heard, SwitchClock]:
    heard = Heard()
    async with AsyncExitStack() as opened, switch_clock(floor.pbx.places) as clock, asyncio.TaskGroup() as group:
        clients: list[httpx.AsyncClient] = []
        listening: list[asyncio.Task[None]] = []
        for number in range(agents):
            client = await opened.enter_async_context(web.signed_in(floor.agency, employee_no(number)))
            address = f"ws://127.0.0.1:{web.port}{API}/live"
            page = await opened.enter_async_context(connect(address, additional_headers=cookies_of(client)))
            await page.send(json.dumps({"subscribe": ["calls", "phone"]}))
            await page.recv()
            listening.append(group.create_task(heard.listen(page)))
            clients.append(client)
        turns = itertools.cycle(clients)

        async def one() -> None:
            target = floor.targets.popleft()
            told = {"case_id": str(target.case_id), "phone_id": str(target.phone_id)}
            while True:
                clicked = time.time()
                answer = await next(turns).post("/workbench/calls", json=told)
                if answer.status_code != CONFLICT:
                    break
                # She is still in her last call: another agent takes it.
            answer.raise_for_status()
            heard.clicked[answer.json()["call_id"]] = clicked

        begun = time.perf_counter()
        clicks: list[asyncio.Task[None]] = []
        for number in range(calls):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            clicks.append(group.create_task(one()))
        await asyncio.gather(*clicks)
        await floor.until_quiet()
        for task in listening:
            task.cancel()
    return heard, clock


def figures(heard: Heard, clock: SwitchClock, calls: int) -> dict[str, Any]:
    both = [
        (call, seen.answered) for call in heard.talking if (seen := clock.calls.get(call)) and seen.answered is not None
    ]
    pops = [1000 * (heard.talking[call] - answered) for call, answered in both]
    clicks = [1000 * (heard.opened[call] - clicked) for call, clicked in heard.clicked.items() if call in heard.opened]
    told = spread(pops)
    return {
        "what": "screen pop",
        "calls": calls,
        "told": len(pops),
        "answer_to_page_ms": told,
        "click_to_case_on_page_ms": spread(clicks),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "met": len(pops) == calls and told["p95"] <= POP_MS,
    }


async def run(asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as name:
        folder = Path(name)
        async with a_phone_floor(folder, [SHORT], agents=asked.agents, targets=asked.calls + asked.agents) as floor:
            with web_server(floor.house.settings, folder / "web.log") as web:
                await until_it_answers(web)
                # Whatever is done for the first time is done slowly once.
                await measure(floor, web, asked.agents, asked.rate, asked.agents)
                found = figures(*await measure(floor, web, asked.agents, asked.rate, asked.calls), asked.calls)
        print(json.dumps(found), flush=True)
        return 0 if found["met"] else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--rate", type=float, default=4.0)
    parser.add_argument("--calls", type=int, default=120)
    return uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
