"""Talks for tests: what was said on a call, written straight into the tables. All of it is invented."""

from __future__ import annotations

from uuid import UUID

from anmi.core.ports.speech import Track, Transcript, Utterance
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.models import Recording, RecordingState
from anmi.telephony.transcripts.models import CallTranscript
from anmi.telephony.transcripts.service import Transcripts
from tests.builders.people import Agency

GOOD_TALK = (
    "d:喂你好",
    "a:您好，我是受安信银行委托的安信催收公司，工号一零二七，本次通话将被录音",
    "a:请问是王女士本人吗，麻烦您说一下身份证后四位",
    "d:是我，后四位一二三四",
    "a:您的信用卡目前逾期三十五天，方便说一下是什么原因吗",
    "d:最近手头紧，下周五我先还三千五",
    "a:好的，我复述一下，下周五您通过银行官方渠道还款三千五百元",
    "d:对",
    "a:如有异议可拨打银行客服电话，感谢您的接听，再见",
)
THREAT = ("d:喂", "a:再不还就叫人到你家门口堵着你", "d:你什么意思")


def transcript_of(*lines: str, seconds: float = 3.0, confidence: float | None = 0.9) -> Transcript:
    """Return lines such as `a:您好` or `d:喂` as a transcript; each takes some seconds."""
    tracks: dict[int, list[Utterance]] = {0: [], 1: []}
    for place, line in enumerate(lines):
        channel = 1 if line.startswith("a:") else 0
        start = place * seconds
        tracks[channel].append(Utterance(start, start + seconds - 0.2, line[2:], confidence))
    found = tuple(Track(channel, tuple(said)) for channel, said in tracks.items())
    return Transcript(found, len(lines) * seconds, "test")


async def a_transcript(units: Units, agency: Agency, call: Call, *lines: str, confidence: float | None = 0.9) -> UUID:
    """Write what was said on a call, as if its recording had been heard."""
    async with units.begin(the_system(agency.tenant_id)) as unit:
        recording = Recording(
            id=new_id(),
            tenant_id=agency.tenant_id,
            call_id=call.id,
            state=RecordingState.KEPT,
            began_at=call.asked_at,
            milliseconds=60_000,
            rate=8000,
            bytes=1_920_044,
            sha256="0" * 64,
            place=f"test/{call.id}",
            peaks=bytes(2000),
            keep_until=call.asked_at.date(),
        )
        unit.session.add(recording)
        await unit.session.flush()
        await Transcripts(unit).ask(recording.id, call.id)
        await unit.session.flush()
        await Transcripts(unit).write(call.id, transcript_of(*lines, confidence=confidence))
        written = unit.session.identity_map.values()
        return next(row.id for row in written if isinstance(row, CallTranscript))
