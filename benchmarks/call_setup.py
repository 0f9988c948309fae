"""Call set-ups a second: one click to both legs in one bridge, through gate, journal and recording, against bare ARI.

Bare ARI makes the same calls on the same switch in turn with us: originate, record, bridge, and nothing else. Agents'
phones and debtors pick up at once and nobody speaks, so that what is measured is ours and the switch's, and that a call
lasts as long with us as without: a debtor who hears somebody does not hang up. When a leg answered and when both
were bridged is told by Asterisk's own stamps; a click is stamped when it is made, before anything is asked.

Run: `.venv/bin/python benchmarks/call_setup.py [--rate 40 --seconds 15 --rounds 3]`.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop

from benchmarks._bare_ari import BareAri, bare_ari
from benchmarks._measuring import spread
from benchmarks._phone_floor import SHORT, PhoneFloor, a_phone_floor
from benchmarks._switch_clock import SwitchClock, switch_clock

RATE, RATIO, BRIDGED_MS = 40, 3.0, 60.0
AGENTS = 250
WARM_UP_CALLS = 40


@dataclass(slots=True)
class Round:
    """One load of calls, and what it took."""

    name: str
    clicked: dict[str, float] = field(default_factory=dict[str, float])
    failed: list[str] = field(default_factory=list[str])
    seconds: float = 0.0
    cpu_ms: dict[str, float] = field(default_factory=dict[str, float])
    set_up_ms: list[float] = field(default_factory=list[float])
    bridged_ms: list[float] = field(default_factory=list[float])

    def read(self, clock: SwitchClock) -> None:
        """Read off the switch's clock what became of the calls."""
        for call, clicked in self.clicked.items():
            seen = clock.calls.get(call)
            if seen and seen.bridged:
                self.set_up_ms.append(1000 * (seen.bridged - clicked))
                if seen.answered:
                    self.bridged_ms.append(1000 * (seen.bridged - seen.answered))

    def figures(self) -> dict[str, Any]:
        """Return the round as a line of figures."""
        return {
            "what": self.name,
            "calls": len(self.clicked),
            "failed": len(self.failed),
            "why": sorted(set(self.failed))[:3],
            "set_up_per_second": round(len(self.set_up_ms) / self.seconds, 1),
            "set_up_ms": spread(self.set_up_ms),
            "answer_to_bridged_ms": spread(self.bridged_ms),
            "cpu_ms_per_call": self.cpu_ms | {"all": round(sum(self.cpu_ms.values()), 1)},
            "load_of_the_machine": round(os.getloadavg()[0], 1),
        }


async def load(
    floor: PhoneFloor, name: str, rate: float, calls: int, call: Callable[[int], Awaitable[tuple[str, float]]]
) -> Round:
    """Begin `calls` calls, `rate` a second whatever becomes of them, and wait until all is quiet again."""
    turn, before, begun = Round(name), floor.spent(), time.perf_counter()

    async def one(number: int) -> None:
        try:
            told, clicked = await call(number)
            turn.clicked[told] = clicked
        except Exception as fault:
            turn.failed.append(f"{type(fault).__name__}: {fault}")

    async with asyncio.TaskGroup() as group:
        for number in range(calls):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            group.create_task(one(number))
        turn.seconds = time.perf_counter() - begun
    await floor.until_quiet()
    spent = {who: seconds - before[who] for who, seconds in floor.spent().items()}
    turn.cpu_ms = {who: round(1000 * seconds / calls, 1) for who, seconds in spent.items()}
    return turn


async def measure(floor: PhoneFloor, bare: BareAri, rate: float, seconds: float, rounds: int) -> list[Round]:
    agents = itertools.cycle(range(len(floor.agents)))

    async def ours(_number: int) -> tuple[str, float]:
        clicked = time.time()
        return str(await floor.click(floor.agents[next(agents)])), clicked

    async def theirs(number: int) -> tuple[str, float]:
        return await bare.call(floor.phones[next(agents)], f"138{number:08d}")

    done: list[Round] = []
    ways = (("bare ARI", theirs), ("engine", ours))
    for name, way in ways:
        await load(floor, f"{name}, warming up", rate / 2, WARM_UP_CALLS, way)
    async with switch_clock(floor.pbx.places) as clock:
        for _ in range(rounds):
            for name, way in ways:
                done.append(await load(floor, name, rate, int(rate * seconds), way))
                await asyncio.sleep(0.2)
                done[-1].read(clock)
                print(json.dumps(done[-1].figures()), flush=True)
    return done


def judged(done: list[Round]) -> dict[str, Any]:
    """Hold what was measured against the aims."""
    ours = [turn for turn in done if turn.name == "engine"]
    theirs = [turn for turn in done if turn.name != "engine"]
    p95 = [spread(turn.set_up_ms)["p95"] for turn in ours]
    ratios = [mine / spread(turn.set_up_ms)["p95"] for mine, turn in zip(p95, theirs, strict=True)]
    cpu = [sum(turn.cpu_ms.values()) for turn in ours]
    bridged = spread([each for turn in ours for each in turn.bridged_ms])
    rate = statistics.median(len(turn.set_up_ms) / turn.seconds for turn in ours)
    cores = os.cpu_count() or 1
    return {
        "what": "judged",
        "set_up_per_second": round(rate, 1),
        "would_be_with_all_cores_free": round(1000 * cores / statistics.median(cpu)),
        "set_up_p95_against_bare": spread(ratios) or round(ratios[0], 2),
        "answer_to_bridged_ms": bridged,
        "cores": cores,
        "met": {
            "rate": rate >= RATE * 0.97 and not any(turn.failed for turn in ours),
            "set_up": statistics.median(ratios) <= RATIO,
            "bridged": bridged["p95"] <= BRIDGED_MS,
        },
    }


async def run(asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as name:
        folder = Path(name)
        targets = int(asked.rate * asked.seconds) * asked.rounds + 2 * WARM_UP_CALLS
        async with (
            a_phone_floor(folder, [SHORT], agents=asked.agents, targets=targets, voices=()) as floor,
            bare_ari(floor.pbx.places, floor.trunk, folder / "bare") as bare,
        ):
            done = await measure(floor, bare, asked.rate, asked.seconds, asked.rounds)
            if asked.log:
                Path(asked.log).write_bytes((folder / "engine.log").read_bytes())
        found = judged(done)
        print(json.dumps(found), flush=True)
        return 0 if all(found["met"].values()) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--agents", type=int, default=AGENTS)
    parser.add_argument("--log", help="keep what the engine wrote, here")
    return uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
