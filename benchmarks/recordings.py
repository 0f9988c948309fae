"""Recordings: the first byte of a playback, and a pack of 1,000 calls, each against plain files in the same run.

Sounds, persons and calls are invented. Everything lies in a folder of its own and is gone afterwards.

Run: python -m benchmarks.recordings [--calls 1000] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
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

from zipstream import ZipStream

from anmi.core.rights import EVERYTHING
from anmi.core.sound import Track
from anmi.entrypoints.reactions import react
from anmi.entrypoints.wiring import House
from anmi.kit.caller import Caller, the_system
from anmi.kit.db import Database
from anmi.kit.embedded_postgres import APP, OWNER, EmbeddedPostgres
from anmi.kit.keyring import Keyring
from anmi.kit.migrations import migrate
from anmi.kit.settings import CipherSuite, Settings
from anmi.kit.unit_of_work import Units
from anmi.telephony.recordings import keeping
from anmi.telephony.recordings.service import AddressShown, NoClaims, Recordings, RecordingUse, listening
from anmi.telephony.records.service import RecordFilter
from anmi.workbench.packs.packing import Packing
from tests.builders.people import Agency, an_agency, somebody
from tests.builders.phone import RATE, a_call, a_raw_recording, an_engine

FIRST_BYTE_MS = 50
PACK_FIRST_BYTE_MS = 300
PACK_MEMORY_MB = 40
"""By how much memory may grow while a pack of any size is sent."""
PLAYS = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """A house with calls that were kept."""

    house: House
    agency: Agency
    who: Caller
    recordings: list[UUID]


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[House]:
    with EmbeddedPostgres(folder / "postgres").running() as postgres:
        migrate(postgres.url(OWNER), postgres.url(APP))
        database = Database(postgres.url(APP), 8)
        keyring = Keyring({1: os.urandom(32)}, os.urandom(32), CipherSuite.INTERNATIONAL)
        try:
            yield House(Settings(data_dir=folder), database, keyring, Units(database, keyring, react=react))
        finally:
            await database.close()


async def kept(house: House, folder: Path, calls: int, seconds: int) -> Stage:
    """Keep `calls` calls of noise and bring them to their storage."""
    agency = await an_agency(house.units)
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
    return Stage(house, agency, somebody(agency, EVERYTHING), recordings)


@dataclass(slots=True)
class Plays:
    """How long listeners waited, in milliseconds: the first time under an address, and when they jumped."""

    first: list[float]
    jump: list[float]
    cpu: float = 0.0


async def play(stage: Stage, recording_id: UUID, at: float, plays: Plays) -> None:
    """Hear a recording from its beginning, then jump to a part of it."""
    async with stage.house.units.begin(stage.who) as unit:
        handed = await Recordings(unit).hand_out(recording_id, "/sound", RecordingUse.PLAY)
    query = dict(pair.split("=") for pair in handed.url.partition("?")[2].split("&"))
    shown = AddressShown(UUID(query["address"]), int(query["until"]), query["key"], RecordingUse.PLAY)
    for waits, place in ((plays.first, 0.0), (plays.jump, at)):
        begun, cpu = perf_counter(), process_time()
        async with stage.house.units.begin(stage.who) as unit:
            recording = await Recordings(unit).opened(recording_id, shown)
        heard = listening(recording, Track.STEREO)
        document = stage.house.vault.document(recording, stage.house.units.keyring)
        pieces = heard.part(int(heard.length * place), heard.length, document.read)
        await asyncio.to_thread(next, pieces, b"")
        waits.append((perf_counter() - begun) * 1000)
        plays.cpu += process_time() - cpu


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
    """What sending a file came to."""

    first_ms: float
    seconds: float
    cpu: float
    length: int
    grown_mb: float


async def sent(pieces: AsyncIterator[bytes], path: Path) -> Sent:
    """Take a file in as a browser would, and watch the memory."""
    begun, cpu, first, length = perf_counter(), process_time(), 0.0, 0
    before = after_start = resident_mb()
    with path.open("wb") as file:
        async for piece in pieces:
            first = first or (perf_counter() - begun) * 1000
            length += file.write(piece)
            after_start = max(after_start, resident_mb()) if length % 64 == 0 else after_start
    grown = max(after_start, resident_mb()) - before
    return Sent(first, perf_counter() - begun, process_time() - cpu, length, grown)


def resident_mb() -> float:
    """Return what this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


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
        async with opened(folder) as house:
            stage = await kept(house, folder, calls, seconds)
            return await compare(stage, folder, seconds)


async def compare(stage: Stage, folder: Path, seconds: int) -> int:
    plain = [folder / "plain" / f"{number}.wav" for number in range(len(stage.recordings))]
    plain[0].parent.mkdir()
    for path in plain:
        path.write_bytes(bytes(44 + 4 * RATE * seconds))
    plain_ms: list[float] = []
    plays = Plays([], [])
    for turn in range(PLAYS):
        which, at = turn * 7919 % len(plain), turn / PLAYS
        await play(stage, stage.recordings[which], at, plays)
        plain_ms.append(await plain_first_byte(plain[which], at))
    first = ninety_fifth(plays.first)
    load = os.getloadavg()[0]
    for what, waits in (("playback", plays.first), ("jump", plays.jump), ("plain file", plain_ms)):
        print(f"first byte, {what}: median {statistics.median(waits):.1f} ms, p95 {ninety_fifth(waits):.1f} ms")
    print(f"CPU of each: {plays.cpu / 2 / PLAYS * 1000:.1f} ms (load of the machine: {load:.1f})")
    packing = Packing(stage.house.units, stage.who, stage.house.vault, stage.recordings[0], RecordFilter(recorded=True))
    pack = await sent(packing.pieces(), folder / "pack.zip")
    copy = await sent(plain_zip(plain), folder / "plain.zip")
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
