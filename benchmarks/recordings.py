"""Recordings over HTTP: the first byte of a playback, and a pack of 1,000 calls, against plain files in the same run.

The web server is a process of its own; whoever listens is logged in and asks for each address, as the player does.
Sounds, persons and calls are invented. Everything lies in a folder of its own and is gone afterwards.

Run: python -m benchmarks.recordings [--calls 1000] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import zipfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx
from zipstream import ZipStream

from anmi.entrypoints.wiring import House, open_house
from anmi.kit.caller import the_system
from anmi.kit.embedded_postgres import APP, OWNER, EmbeddedPostgres
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings
from anmi.telephony.recordings import keeping
from anmi.telephony.recordings.service import NoClaims
from benchmarks._measuring import private_mebibytes, spent_by_process
from benchmarks._web import Web, until_it_answers, web_server
from tests.builders.people import Agency, an_agency
from tests.builders.phone import RATE, a_call, a_raw_recording, an_engine
from tests.builders.sessions import somebody_with_a_password

FIRST_BYTE_MS = 50
PACK_FIRST_BYTE_MS = 300
PACK_MEMORY_MB = 40
"""By how much memory may grow while a pack of any size is sent."""
PLAYS = 60
WARM_UP = 5
LOOK_EVERY_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Stage:
    """A web server before calls that were kept, and somebody who may hear and fetch them."""

    web: Web
    client: httpx.AsyncClient
    recordings: list[UUID]


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[tuple[House, Web]]:
    with EmbeddedPostgres(folder / "postgres").running() as postgres:
        migrate(postgres.url(OWNER), postgres.url(APP))
        told = {"data_dir": folder, "database_app_url": postgres.url(APP), "demo": True, "switch": "rehearsal"}
        settings = Settings.model_validate(told)
        async with open_house(settings) as house:
            with web_server(settings, folder / "web.log") as web:
                await until_it_answers(web)
                yield house, web


async def kept(house: House, agency: Agency, folder: Path, calls: int, seconds: int) -> list[UUID]:
    """Keep `calls` calls of noise and bring them to their storage."""
    engine = await an_engine(house.units, agency)
    raw = a_raw_recording(folder / "raw", os.urandom(4 * RATE * seconds))
    taken_in = keeping.Keeping(house.units, house.vault)
    caller, several = the_system(agency.tenant_id), asyncio.Semaphore(6)

    async def one() -> UUID:
        async with several:
            call = await a_call(house.units, agency, engine, talked=seconds)
            recording_id = await taken_in.keep(agency.tenant_id, call.id, str(raw), RATE)
            assert recording_id is not None
            await keeping.store(house.units, caller, house.vault, NoClaims(), recording_id)
            return recording_id

    begun = process_time()
    recordings = await asyncio.gather(*(one() for _ in range(calls)))
    spent = (process_time() - begun) / calls
    print(f"kept {calls} calls of {seconds} s: {spent * 1000:.1f} ms of CPU each, database aside", flush=True)
    return list(recordings)


@dataclass(slots=True)
class Plays:
    """How long listeners waited, in milliseconds: the first time under an address, and when they jumped."""

    first: list[float]
    jump: list[float]


async def play(stage: Stage, recording_id: UUID, at: float, plays: Plays) -> None:
    """Hear a recording from its beginning, then jump to a part of it."""
    handed = (await stage.client.post(f"/telephony/recordings/{recording_id}/address")).raise_for_status().json()
    length = 0
    for waits in (plays.first, plays.jump):
        place = f"bytes={int(length * at)}-"
        begun = perf_counter()
        async with stage.client.stream("GET", stage.web.url + handed["url"], headers={"range": place}) as answer:
            answer.raise_for_status()
            await anext(answer.aiter_raw())
            waits.append((perf_counter() - begun) * 1000)
            length = int(answer.headers["content-range"].rpartition("/")[2])


async def plain_first_byte(path: Path, at: float) -> float:
    """Return how long the same part of a plain file takes."""
    begun = perf_counter()

    def read() -> bytes:
        with path.open("rb") as file:
            file.seek(int(path.stat().st_size * at))
            return file.read(64 * 1024)

    await asyncio.to_thread(read)
    return (perf_counter() - begun) * 1000


@dataclass(slots=True)
class Sent:
    """What sending a file came to; CPU and memory are those of whoever sent it."""

    first_ms: float
    seconds: float
    cpu: float
    length: int
    grown_mb: float


async def sent(pieces: AsyncIterator[bytes], path: Path, pid: int) -> Sent:
    """Take a file in as a browser would, and watch the memory of who sends it."""
    begun, cpu, first, length = perf_counter(), spent_by_process(pid), 0.0, 0
    before = most = private_mebibytes(pid)
    looked = begun
    with path.open("wb") as file:
        async for piece in pieces:
            now = perf_counter()
            first = first or (now - begun) * 1000
            length += file.write(piece)
            if now - looked > LOOK_EVERY_SECONDS:
                looked, most = now, max(most, private_mebibytes(pid))
    return Sent(first, perf_counter() - begun, spent_by_process(pid) - cpu, length, most - before)


async def pack_of_all(stage: Stage) -> AsyncIterator[bytes]:
    """Yield the pack of every recording, from its address on."""
    asked = {"filter": {}, "reason": "审计抽查"}
    handed = (await stage.client.post("/workbench/packs", json=asked)).raise_for_status().json()
    assert handed["calls"] == len(stage.recordings)
    async with stage.client.stream("GET", stage.web.url + handed["url"]) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            yield piece


def ninety_fifth(waits: list[float]) -> float:
    """Return what 95 of 100 did not exceed."""
    return statistics.quantiles(waits, n=20)[18]


async def plain_zip(paths: list[Path]) -> AsyncIterator[bytes]:
    """Yield a zip of plain files, the same way."""
    archive = ZipStream()
    for number, path in enumerate(paths):
        archive.add_path(str(path), f"{number}.wav")
    pieces = iter(archive)

    def some() -> bytes:
        gathered = bytearray()
        while len(gathered) < 256 * 1024 and (piece := next(pieces, None)) is not None:
            gathered += piece
        return bytes(gathered)

    while piece := await asyncio.to_thread(some):
        yield piece


async def measure(calls: int, seconds: int) -> int:
    with tempfile.TemporaryDirectory(prefix="anmi-recordings-") as name:
        folder = Path(name)
        async with opened(folder) as (house, web):
            agency = await an_agency(house.units)
            await somebody_with_a_password(house.units, agency, "phone_administrator")
            recordings = await kept(house, agency, folder, calls, seconds)
            async with web.signed_in(agency, "A001") as client:
                return await compare(Stage(web, client, recordings), folder, seconds)


async def compare(stage: Stage, folder: Path, seconds: int) -> int:
    plain = [folder / "plain" / f"{number}.wav" for number in range(len(stage.recordings))]
    plain[0].parent.mkdir()
    for path in plain:
        path.write_bytes(bytes(44 + 4 * RATE * seconds))
    plain_ms: list[float] = []
    for recording_id in stage.recordings[:WARM_UP]:
        await play(stage, recording_id, 0.5, Plays([], []))
    plays, cpu = Plays([], []), spent_by_process(stage.web.pid)
    for turn in range(PLAYS):
        which, at = turn * 7919 % len(plain), turn / PLAYS
        await play(stage, stage.recordings[which], at, plays)
        plain_ms.append(await plain_first_byte(plain[which], at))
    first, cpu = ninety_fifth(plays.first), spent_by_process(stage.web.pid) - cpu
    load = os.getloadavg()[0]
    for what, waits in (("playback", plays.first), ("jump", plays.jump), ("plain file", plain_ms)):
        print(f"first byte, {what}: median {statistics.median(waits):.1f} ms, p95 {ninety_fifth(waits):.1f} ms")
    print(f"CPU of address, playback and jump: {cpu / PLAYS * 1000:.1f} ms (load of the machine: {load:.1f})")
    pack = await sent(pack_of_all(stage), folder / "pack.zip", stage.web.pid)
    copy = await sent(plain_zip(plain), folder / "plain.zip", os.getpid())
    with zipfile.ZipFile(folder / "pack.zip") as archive:
        held = sum(name.endswith(".wav") for name in archive.namelist())
    assert held == len(stage.recordings)
    for what, how in (("pack", pack), ("plain zip", copy)):
        rate = how.length / 1024**2 / how.seconds
        print(
            f"{what}: {how.length / 1024**2:.0f} MB, first byte {how.first_ms:.0f} ms, {rate:.0f} MB/s, "
            f"{how.cpu:.1f} s of CPU, memory + {how.grown_mb:.1f} MB"
        )
    targets = {
        f"first byte of a playback p95 ≤ {FIRST_BYTE_MS} ms": first <= FIRST_BYTE_MS,
        f"first byte of a pack ≤ {PACK_FIRST_BYTE_MS} ms": pack.first_ms <= PACK_FIRST_BYTE_MS,
        f"memory of a pack grows by ≤ {PACK_MEMORY_MB} MB": pack.grown_mb <= PACK_MEMORY_MB,
    }
    for target, is_met in targets.items():
        print(f"{target}: {'met' if is_met else 'MISSED'}")
    return 0 if all(targets.values()) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=20)
    asked = parser.parse_args()
    return asyncio.run(measure(asked.calls, asked.seconds))


if __name__ == "__main__":
    sys.exit(main())
