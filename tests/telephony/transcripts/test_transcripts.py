"""What was said on a call: written once its recording is kept, read by the entitled, found by characters and sound."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

import pytest
from sqlalchemy import select

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.core.permissions import Scope
from anmi.core.ports.speech import Speech, Track, Transcript, UnreadableRecording, Utterance
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound
from anmi.kit.jobs import Run
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from anmi.telephony.transcripts.models import CallTranscript, CallUtterance, TranscriptState
from anmi.telephony.transcripts.service import Transcripts
from anmi.telephony.transcripts.tasks import ASK_AGAIN, TRANSCRIBE
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller
from tests.builders.phone import a_call, a_recording, tones

CARD = "我的卡号是6222021234567890123"
SAID = Transcript(
    (
        Track(0, (Utterance(0.4, 0.9, "喂你好", 0.9), Utterance(3.0, 6.0, "我下周五先还三千五", 0.8))),
        Track(1, (Utterance(1.0, 2.8, "您好请问是王女士吗", None), Utterance(6.2, 9.0, CARD, 0.7))),
    ),
    9.5,
    "a stand-in",
)


class Scribe:
    """A recogniser that hears what it is told; it keeps what it was given."""

    model = "a stand-in"

    def __init__(self, written: Transcript | Exception = SAID) -> None:
        self.written = written
        self.given: list[bytes] = []

    async def transcribe(self, recording: BinaryIO, hot_words: tuple[str, ...] = ()) -> Transcript:
        self.given.append(recording.read())
        if isinstance(self.written, Exception):
            raise self.written
        return self.written

    @asynccontextmanager
    async def listen(self, **_: object) -> AsyncGenerator[None]:
        yield


@dataclass
class Desk:
    """An agency with one recorded call of a collector."""

    agency: Agency
    collector: UUID
    colleague: UUID
    inspector: UUID
    owner: UUID
    call: Call
    recording_id: UUID


@pytest.fixture
async def desk(units: Units, house: House, tmp_path: Path) -> Desk:
    agency = await an_agency(units)
    team = await a_unit(units, agency)
    collector = await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN)
    call = await a_call(units, agency, person_id=collector, unit_id=team)
    recording_id = await a_recording(units, house.vault, agency, call, tmp_path / "raw", tones(1.0))
    return Desk(
        agency,
        collector,
        await a_person(units, agency, "collector", unit_id=team, scope=Scope.OWN),
        await a_person(units, agency, "inspector"),
        await a_person(units, agency, "owner"),
        call,
        recording_id,
    )


Write = Callable[..., Awaitable[None]]


@pytest.fixture
def write(units: Units, house: House, desk: Desk) -> Write:
    """Ask for the text of the call, and let the job write it."""

    async def write(scribe: object, *, asking: bool = True) -> None:
        async with units.begin(the_system(desk.agency.tenant_id)) as unit:
            if asking:
                await Transcripts(unit).ask(desk.recording_id, desk.call.id)
        run = Run(units, the_system(desk.agency.tenant_id), 0)

        def recogniser() -> Speech:
            if isinstance(scribe, Exception):
                raise scribe
            return cast("Speech", scribe)

        await TRANSCRIBE.work(run, str(desk.call.id), vault=house.vault, recogniser=recogniser)

    return write


async def row(units: Units, desk: Desk) -> CallTranscript:
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        query = select(CallTranscript).where(CallTranscript.call_id == desk.call.id)
        return (await unit.session.scalars(query)).one()


async def read(units: Units, desk: Desk, person_id: UUID) -> list[str]:
    async with units.begin(await as_caller(units, desk.agency, person_id)) as unit:
        return [line.text for line in (await Transcripts(unit).of_call(desk.call.id)).lines]


async def found(units: Units, desk: Desk, text: str, person_id: UUID | None = None) -> list[str]:
    async with units.begin(await as_caller(units, desk.agency, person_id or desk.inspector)) as unit:
        hits, _ = await Transcripts(unit).search(text, Ask())
        return [line.text for hit in hits for line in hit.lines]


async def test_what_was_said_stands_in_the_order_of_time(units: Units, desk: Desk, write: Write) -> None:
    scribe = Scribe()
    await write(scribe)
    assert scribe.given[0].startswith(b"RIFF")
    assert (await row(units, desk)).state is TranscriptState.WRITTEN
    said = await read(units, desk, desk.collector)
    assert said[:3] == ["喂你好", "您好请问是王女士吗", "我下周五先还三千五"]


async def test_a_long_number_is_read_only_by_who_may_see_numbers(units: Units, desk: Desk, write: Write) -> None:
    await write(Scribe())
    assert (await read(units, desk, desk.inspector))[-1] == "我的卡号是622**************23"
    assert (await read(units, desk, desk.owner))[-1] == CARD
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        kept = (await unit.session.scalars(select(CallUtterance.text))).all()
    assert not any("6222021234567890123" in text for text in kept)


async def test_a_collector_reads_her_own_calls_and_no_others(units: Units, desk: Desk, write: Write) -> None:
    await write(Scribe())
    assert await read(units, desk, desk.collector)
    with pytest.raises(NotFound):
        await read(units, desk, desk.colleague)
    assert await found(units, desk, "三千五", desk.colleague) == []


@pytest.mark.parametrize("text", ["三千五", "下周五", "xia zhou wu", "XIANHUAN", "san qian wu"])
async def test_a_call_is_found_by_what_was_said_or_how_it_sounds(
    units: Units, desk: Desk, write: Write, text: str
) -> None:
    await write(Scribe())
    expected = [] if text == "XIANHUAN" else ["我下周五先还三千五"]
    assert await found(units, desk, text) == expected


@pytest.mark.parametrize("text", ["%", "_", "法院", "fa yuan", "6222021234567890123"])
async def test_what_was_not_said_is_not_found(units: Units, desk: Desk, write: Write, text: str) -> None:
    await write(Scribe())
    expected = ["我的卡号是622**************23"] if text.isdecimal() else []
    assert await found(units, desk, text) == expected


async def test_a_recording_is_written_once_however_often_it_is_asked_for(
    units: Units, desk: Desk, write: Write
) -> None:
    scribe = Scribe()
    await write(scribe)
    await write(scribe)
    assert len(scribe.given) == 1
    assert len(await read(units, desk, desk.owner)) == 4


async def test_without_a_recogniser_the_text_is_written_once_there_is_one(
    units: Units, desk: Desk, write: Write
) -> None:
    await write(SpeechUnavailable("speech_off", "语音转写已关闭"))
    assert (await row(units, desk)).state is TranscriptState.OFF
    run = Run(units, the_system(desk.agency.tenant_id), 0)
    await ASK_AGAIN.work(run, recogniser=Scribe)
    assert (await row(units, desk)).state is TranscriptState.WAITING
    await write(Scribe(), asking=False)
    assert (await row(units, desk)).state is TranscriptState.WRITTEN


async def test_a_recording_nobody_can_read_is_told_and_not_tried_for_ever(
    units: Units, desk: Desk, write: Write
) -> None:
    await write(Scribe(UnreadableRecording("not_audio", "不是音频文件")))
    transcript = await row(units, desk)
    assert (transcript.state, transcript.failure) == (TranscriptState.FAILED, "not_audio")
    assert await read(units, desk, desk.owner) == []


async def test_the_text_goes_with_its_recording(units: Units, desk: Desk, write: Write) -> None:
    await write(Scribe())
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        await Transcripts(unit).forget(desk.call.id)
    with pytest.raises(NotFound):
        await read(units, desk, desk.owner)


async def test_the_backlog_says_how_much_waits(units: Units, desk: Desk) -> None:
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        await Transcripts(unit).ask(desk.recording_id, desk.call.id)
    async with units.begin(the_system(desk.agency.tenant_id)) as unit:
        backlog = await Transcripts(unit).backlog()
    assert (backlog.waiting, backlog.milliseconds) == (1, 1000)
