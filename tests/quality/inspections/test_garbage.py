"""Sound that nobody spoke goes the whole way, from the switch's file to the inspection, and nothing is made up on it.

The recogniser is the embedded one. That three hours never stand in memory at once is proven with the port itself
(`tests/adapters/speech/test_audio.py`), and what they cost is told in `docs/guide/speech.md`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.core.ports.speech import Speech, Transcript
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from anmi.quality.inspections.models import CallFinding, CallInspection, InspectionState
from anmi.quality.inspections.tasks import INSPECT
from anmi.telephony.recordings.models import Recording
from anmi.telephony.recordings.service import Keeping
from anmi.telephony.transcripts.models import CallTranscript, CallUtterance, TranscriptState
from anmi.telephony.transcripts.service import Transcripts
from anmi.telephony.transcripts.tasks import ASK_AGAIN, TRANSCRIBE
from tests.builders.phone import RATE, a_call, a_raw_recording
from tests.quality.conftest import Floor

SECONDS = 6
Sound = NDArray[np.float64]
Hear = Callable[..., Awaitable[UUID]]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speech]:
    pytest.importorskip("ctranslate2", reason="the speech packages are not installed")
    from anmi.adapters.speech.embedded import EmbeddedSpeech  # noqa: PLC0415 - may not be installed

    # Where the port's own tests join the weights, so that it is done once.
    folder = tmp_path_factory.getbasetemp().parent / "speech-data" / "speech"
    with EmbeddedSpeech(folder, workers=1) as speech:
        yield cast("Speech", speech)


@pytest.fixture
def keep(units: Units, house: House, floor: Floor, tmp_path: Path) -> Hear:
    """Keep raw sound as a call's recording; return the call."""

    async def keep(raw: bytes) -> UUID:
        call = await a_call(units, floor.agency, person_id=floor.collector, unit_id=floor.team)
        path = str(a_raw_recording(tmp_path / "raw", raw))
        recording_id = await Keeping(units, house.vault).keep(floor.agency.tenant_id, call.id, path, RATE)
        if recording_id is not None:
            async with units.begin(the_system(floor.agency.tenant_id)) as unit:
                await Transcripts(unit).ask(recording_id, call.id)
        return call.id

    return keep


@pytest.fixture
def hear(units: Units, house: House, floor: Floor, keep: Hear) -> Hear:
    """Let raw sound go the whole way; return the call."""

    async def hear(raw: bytes, recogniser: Callable[[], Speech]) -> UUID:
        call_id = await keep(raw)
        run = Run(units, the_system(floor.agency.tenant_id), 0)
        await TRANSCRIBE.work(run, str(call_id), vault=house.vault, recogniser=recogniser)
        await INSPECT.work(run, str(call_id), inspectors=house.inspector)
        return call_id

    return hear


def stereo(debtor: Sound, ours: Sound) -> bytes:
    """Lay two tracks side by side, as the switch writes them."""
    return np.rint(np.clip(np.stack((debtor, ours), axis=1), -1, 1) * 32767).astype("<i2").tobytes()


def silence() -> Sound:
    return np.zeros(SECONDS * RATE)


def noise(loudness: float = 0.2) -> Sound:
    return np.random.default_rng(11).normal(0, loudness, SECONDS * RATE)


def ringback() -> Sound:
    """One second of 450 Hz, four of silence."""
    moments = np.arange(SECONDS * RATE) / RATE
    return 0.3 * np.sin(2 * np.pi * 450 * moments) * (moments % 5 < 1)


def clipped() -> Sound:
    return np.sign(noise(1.0))


GARBAGE: dict[str, bytes] = {
    "silence": stereo(silence(), silence()),
    "noise": stereo(noise(), noise(0.05)),
    "ringback": stereo(ringback(), silence()),
    "an overdriven line": stereo(clipped(), noise()),
    "one track only": stereo(silence(), noise()),
    "broken off in the middle of a sample": stereo(noise(), silence())[:-3],
    "a quarter of a second": stereo(noise(), noise())[:RATE],
    "a header that says it is something else": b"ID3\x04" + bytes(60) + stereo(silence(), noise())[64:],
    "bytes of any other file": np.random.default_rng(3).bytes(SECONDS * RATE * 4),
}


async def of_call(
    units: Units, floor: Floor, call_id: UUID
) -> tuple[CallTranscript, list[Any], CallInspection, list[Any]]:
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        session = unit.session
        transcript = (await session.scalars(select(CallTranscript).where(CallTranscript.call_id == call_id))).one()
        said = list(await session.scalars(select(CallUtterance).where(CallUtterance.call_id == call_id)))
        inspection = (await session.scalars(select(CallInspection).where(CallInspection.call_id == call_id))).one()
        found = list(await session.scalars(select(CallFinding).where(CallFinding.inspection_id == inspection.id)))
        return transcript, said, inspection, found


@pytest.mark.heavy
@pytest.mark.parametrize("kind", GARBAGE)
async def test_garbage_has_no_words_and_no_findings(
    units: Units, floor: Floor, hear: Hear, embedded: Speech, kind: str
) -> None:
    transcript, said, inspection, found = await of_call(units, floor, await hear(GARBAGE[kind], lambda: embedded))
    assert transcript.state in {TranscriptState.WRITTEN, TranscriptState.FAILED}
    assert (said, found, inspection.is_vetoed) == ([], [], False)
    assert not any(inspection.extracted[name] for name in ("promise_date", "promise_amount_fen", "reason"))


async def test_a_recording_of_nothing_at_all_stops_nobody(units: Units, floor: Floor, keep: Hear) -> None:
    call_id = await keep(b"")
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        backlog = await Transcripts(unit).backlog()
        kept = (await unit.session.scalars(select(CallTranscript).where(CallTranscript.call_id == call_id))).all()
    assert backlog.waiting == len(kept)


class Killed:
    """A recogniser that dies in the middle of its work."""

    model = "killed"

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        recording.read()
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.heavy
async def test_what_a_killed_recogniser_left_is_written_by_the_next_one(
    units: Units, house: House, floor: Floor, keep: Hear, embedded: Speech
) -> None:
    call_id, killed = await keep(GARBAGE["noise"]), Killed()
    run = Run(units, the_system(floor.agency.tenant_id), 0)
    work = asyncio.create_task(
        TRANSCRIBE.work(run, str(call_id), vault=house.vault, recogniser=lambda: cast("Speech", killed))
    )
    await killed.begun.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        # Nothing is half-written, and nothing says that it was done.
        assert (await Transcripts(unit).backlog()).waiting == 1
    # The queue gives the job of a dead worker to another one, which begins it anew.
    await TRANSCRIBE.work(run, str(call_id), vault=house.vault, recogniser=lambda: embedded)
    await INSPECT.work(run, str(call_id), inspectors=house.inspector)
    transcript, said, _, found = await of_call(units, floor, call_id)
    assert (transcript.state, said, found) == (TranscriptState.WRITTEN, [], [])


def _off() -> Speech:
    raise SpeechUnavailable("speech_off", "语音转写已关闭（ANMI_SPEECH=off）")


async def test_with_speech_switched_off_a_call_is_still_kept_and_inspected_by_its_facts(
    units: Units, house: House, floor: Floor, hear: Hear
) -> None:
    call_id = await hear(GARBAGE["noise"], _off)
    transcript, said, inspection, found = await of_call(units, floor, call_id)
    assert (transcript.state, transcript.failure, said, found) == (TranscriptState.OFF, "SPEECH_OFF", [], [])
    assert inspection.state is InspectionState.BY_MACHINE
    # And nobody asks for what cannot be had.
    run = Run(units, the_system(floor.agency.tenant_id), 0)
    await ASK_AGAIN.work(run, recogniser=_off)
    assert (await of_call(units, floor, call_id))[0].state is TranscriptState.OFF
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        recording = (await unit.session.scalars(select(Recording).where(Recording.call_id == call_id))).one()
    assert b"".join(house.vault.document(recording, units.keyring).read(0, 4)) == b"RIFF"
