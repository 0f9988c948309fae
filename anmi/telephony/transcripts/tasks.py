"""The job that turns a recording into text, and the one that asks again when a recogniser has come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import UUID

from anmi.core.permissions import Words
from anmi.core.ports.speech import Speech, UnreadableRecording
from anmi.kit.errors import Unavailable
from anmi.kit.jobs import JobKind, Retries, Run
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.recordings.service import Vault
from anmi.telephony.transcripts import repository
from anmi.telephony.transcripts.events import TranscriptAsked
from anmi.telephony.transcripts.models import TranscriptState
from anmi.telephony.transcripts.service import Transcripts

Recogniser: TypeAlias = Callable[[], Speech]
"""Makes the recogniser of this process, once; raises Unavailable where there is none."""

SPEECH_OFF: Final = "SPEECH_OFF"
_BATCH: Final = 200


async def _transcribe(run: Run, call_id: str, vault: Vault, recogniser: Recogniser) -> None:
    call = UUID(call_id)
    async with run.unit() as unit:
        recording = await Transcripts(unit).waiting_recording(call)
    if recording is None:
        return
    try:
        speech = await asyncio.to_thread(recogniser)
    except Unavailable:
        async with run.unit() as unit:
            await Transcripts(unit).give_up(call, SPEECH_OFF, TranscriptState.OFF)
        return
    # No transaction stays open while the recogniser listens, and no more of a long call is in memory than it hears.
    sound = vault.document(recording, run.units.keyring).as_file()
    try:
        written = await speech.transcribe(sound)
    except UnreadableRecording as fault:
        async with run.unit() as unit:
            await Transcripts(unit).give_up(call, fault.code)
        return
    async with run.unit() as unit:
        await Transcripts(unit).write(call, written)


async def _ask_again(run: Run, recogniser: Recogniser) -> None:
    try:
        await asyncio.to_thread(recogniser)
    except Unavailable:
        return
    async with run.unit() as unit:
        for call_id in await repository.without_text(unit.session, _BATCH):
            await Transcripts(unit).again(call_id)


TRANSCRIBE: Final = JobKind(
    "transcripts.write",
    Words("录音转文字", "Turn a recording into text"),
    _transcribe,
    Retries(attempts=4),
    # The recogniser shares its cores among all it hears: two at once keep them busy.
    at_once=2,
)
ASK_AGAIN: Final = JobKind(
    "transcripts.ask_again", Words("补转录音", "Ask again for missing text"), _ask_again, every="*/30 * * * *"
)


async def transcribe_in_background(unit: UnitOfWork, event: TranscriptAsked) -> None:
    """Put the job up that writes the text."""
    await TRANSCRIBE.defer(unit, urgency=event.priority, only_once=str(event.call_id), call_id=event.call_id)
