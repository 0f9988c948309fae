"""Transcripts: asked for when a recording is kept, written by the recogniser, read and searched by those entitled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core import transcripts as rule_book
from anmi.core.permissions import FieldRight, Permission
from anmi.core.ports.speech import Transcript
from anmi.kit.errors import NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording
from anmi.telephony.transcripts import repository
from anmi.telephony.transcripts.events import TranscriptAsked, TranscriptMissing, TranscriptWritten
from anmi.telephony.transcripts.models import TEXT, CallTranscript, CallUtterance, TranscriptState
from anmi.telephony.transcripts.repository import Backlog

TOPIC = "transcripts"


@dataclass(frozen=True, slots=True)
class LineSeen:
    """An utterance as the caller may read it."""

    number: int
    channel: int
    began_ms: int
    ended_ms: int
    text: str
    confidence: int | None
    is_masked: bool


@dataclass(frozen=True, slots=True)
class TranscriptView:
    """A transcript as the caller may read it."""

    transcript: CallTranscript
    call: Call
    lines: Sequence[LineSeen]


@dataclass(frozen=True, slots=True)
class Hit:
    """A call on which something was said, with the lines it was said in."""

    call: Call
    lines: Sequence[LineSeen]


class Transcripts:
    """The transcripts of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def ask(self, recording_id: UUID, call_id: UUID, priority: int = 0) -> None:
        """Ask for the text of a recording; asked again for the same call it is only moved forward."""
        known = await repository.locked(self._unit.session, call_id)
        if known is None:
            known = CallTranscript(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                call_id=call_id,
                recording_id=recording_id,
                state=TranscriptState.WAITING,
                asked_at=self._unit.now,
                milliseconds=0,
                is_damaged=False,
                missed=[],
                priority=priority,
            )
            self._unit.session.add(known)
            await self._unit.session.flush()
        elif known.state is TranscriptState.WRITTEN:
            return
        known.state, known.priority = TranscriptState.WAITING, max(priority, known.priority)
        self._unit.announce(TranscriptAsked(known.id, call_id, recording_id, known.priority))

    async def again(self, call_id: UUID) -> None:
        """Write the text of a call anew, as with a better recogniser."""
        known = await repository.locked(self._unit.session, call_id)
        if known is None:
            raise NotFound
        known.state = TranscriptState.WAITING
        self._unit.announce(TranscriptAsked(known.id, call_id, known.recording_id, known.priority))

    async def waiting_recording(self, call_id: UUID) -> Recording | None:
        """Return the sound that is to be turned into text, or None where that is done or there is none any more."""
        known = await repository.locked(self._unit.session, call_id)
        if known is None or known.state is not TranscriptState.WAITING:
            return None
        return await repository.recording(self._unit.session, known.recording_id)

    async def write(self, call_id: UUID, written: Transcript) -> None:
        """Keep what the recogniser has written."""
        known = await self._known(call_id)
        await repository.write(
            self._unit.session, call_id, [self._row(call_id, line) for line in rule_book.lines_of(written)]
        )
        known.state, known.failure = TranscriptState.WRITTEN, None
        known.model, known.is_damaged = written.model, written.is_damaged
        known.milliseconds = round(written.duration * 1000)
        known.missed = [asdict(missed) for track in written.tracks for missed in track.missed]
        known.written_at = self._unit.now
        self._unit.announce(TranscriptWritten(known.id, call_id), TOPIC)

    async def give_up(self, call_id: UUID, failure: str, state: TranscriptState = TranscriptState.FAILED) -> None:
        """Note that there is no text of a call, and why."""
        known = await self._known(call_id)
        known.state, known.failure = state, failure
        self._unit.announce(TranscriptMissing(known.id, call_id, failure), TOPIC)

    async def forget(self, call_id: UUID) -> None:
        """Delete the text of a call whose recording has been deleted."""
        known = await repository.locked(self._unit.session, call_id)
        if known is not None:
            await repository.forget(self._unit.session, call_id)
            await self._unit.session.delete(known)

    async def of_call(self, call_id: UUID) -> TranscriptView:
        """Return the transcript of a call within reach."""
        row = await repository.one(self._unit.session, CallTranscript.call_id == call_id, self._sight())
        if row is None:
            raise NotFound
        lines = await repository.utterances(self._unit.session, call_id)
        return TranscriptView(row.transcript, row.call, [self._seen(line) for line in lines])

    async def plain(self, call_id: UUID) -> Sequence[CallUtterance]:
        """Return what was said on a call, for the house itself."""
        return await repository.utterances(self._unit.session, call_id)

    async def search(self, text: str, ask: Ask) -> tuple[Sequence[Hit], str | None]:
        """Return the calls on which something was said, by characters or, typed in Latin letters, by sound."""
        said = _said(text)
        calls, following = await repository.search(self._unit.session, ask, said, self._sight())
        found: Mapping[UUID, list[LineSeen]] = {call.id: [] for call in calls}
        for line in await repository.lines_with(self._unit.session, list(found), said):
            found[line.call_id].append(self._seen(line))
        return [Hit(call, found[call.id]) for call in calls], following

    async def backlog(self) -> Backlog:
        """Say what waits for the recogniser."""
        return await repository.backlog(self._unit.session)

    async def _known(self, call_id: UUID) -> CallTranscript:
        known = await repository.locked(self._unit.session, call_id)
        if known is None:
            raise NotFound
        return known

    def _row(self, call_id: UUID, line: rule_book.Line) -> dict[str, object]:
        is_masked = line.masked != line.text
        return {
            "id": new_id(),
            "tenant_id": self._unit.tenant_id,
            "call_id": call_id,
            "number": line.number,
            "channel": line.channel,
            "began_ms": line.began_ms,
            "ended_ms": line.ended_ms,
            "text": line.masked,
            "text_sealed": self._unit.seal(TEXT, line.text) if is_masked else None,
            "sounds": rule_book.spelled(line.masked),
            "confidence": line.confidence,
        }

    def _seen(self, line: CallUtterance) -> LineSeen:
        text, is_masked = line.text, line.text_sealed is not None
        if line.text_sealed is not None and FieldRight.PHONE_FULL in self._unit.rights.field_rights:
            text, is_masked = self._unit.open(TEXT, line.text_sealed), False
        return LineSeen(line.number, line.channel, line.began_ms, line.ended_ms, text, line.confidence, is_masked)

    def _sight(self) -> ColumnElement[bool]:
        reach = self._unit.rights.of(Permission.TRANSCRIPTS_READ)
        return in_reach(reach, self._unit.caller, Call.unit_id, Call.person_id)


def _said(text: str) -> ColumnElement[bool]:
    if rule_book.is_spelling(text):
        return CallUtterance.sounds.contains(rule_book.as_spelling(text), autoescape=True)
    return CallUtterance.text.contains(rule_book.masked(text.strip()), autoescape=True)
