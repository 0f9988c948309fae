"""What a hundred recorded calls cost that live at once: engine, switch and PostgreSQL, each as a share of a core.

Both sides speak in turn with pauses, so there is sound on both tracks and the engine hears who begins and who ends.

Run: `.venv/bin/python benchmarks/live_calls.py [--calls 100 --seconds 30]`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import uvloop

from anmi.telephony.calls.models import Call, CallPhase
from anmi.telephony.calls.service import Calls
from benchmarks._measuring import private_mebibytes
from benchmarks._phone_floor import TALKATIVE, PhoneFloor, a_phone_floor

BYTES_A_SECOND = 8_000 * 2 * 2
BEGUN_A_SECOND = 4.0


async def talk(floor: PhoneFloor, calls: int, seconds: float) -> dict[str, Any]:
    """Begin the calls, watch them talk, end them."""
    made = []
    for agent in floor.agents[:calls]:
        made.append((agent, await floor.click(agent)))
        await asyncio.sleep(1 / BEGUN_A_SECOND)
    async with asyncio.timeout(60):
        while await floor.count(Call.phase == CallPhase.TALKING) < calls:
            await asyncio.sleep(0.5)
    before, heard, begun = floor.spent(), raw_bytes(floor), time.perf_counter()
    await asyncio.sleep(seconds)
    lasted = time.perf_counter() - begun
    spent = {who: after - before[who] for who, after in floor.spent().items()}
    recorded = (raw_bytes(floor) - heard) / lasted / BYTES_A_SECOND
    talking = await floor.count(Call.phase == CallPhase.TALKING)
    memory = {who: private_mebibytes(pid) for who, pid in floor.pids.items()}
    before, begun = floor.spent(), time.perf_counter()
    for agent, call_id in made:
        async with floor.house.units.begin(agent) as unit:
            await Calls(unit).hang_up(call_id)
    await floor.until_quiet(120)
    kept = {who: round(after - before[who], 2) for who, after in floor.spent().items()}
    return {
        "what": "live calls, both sides recorded",
        "calls": calls,
        "talking_to_the_end": talking,
        "recorded_calls_worth": round(recorded, 1),
        "percent_of_a_core": {who: round(100 * cpu / lasted, 1) for who, cpu in spent.items()},
        "mebibytes": memory,
        "ended_and_taken_in_within_s": round(time.perf_counter() - begun, 1),
        "cpu_s_of_that": kept,
        "load_of_the_machine": round(os.getloadavg()[0], 1),
        "met": talking == calls and recorded >= 0.98 * calls,
    }


def raw_bytes(floor: PhoneFloor) -> int:
    """Return how much the switch has recorded."""
    return sum(path.stat().st_size for path in floor.pbx.recordings.glob("*.raw"))


async def run(asked: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as name:
        async with a_phone_floor(Path(name), [TALKATIVE], agents=asked.calls, targets=asked.calls) as floor:
            found = await talk(floor, asked.calls, asked.seconds)
        print(json.dumps(found), flush=True)
        return 0 if found["met"] else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30.0)
    return uvloop.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
