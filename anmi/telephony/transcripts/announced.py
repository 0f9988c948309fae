"""What the network said on a call that nobody answered: its words, once they are text, tell how the call ended."""

from __future__ import annotations

from anmi.core.announced_words import ending_announced
from anmi.core.transcripts import DEBTOR_CHANNEL
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.service import Calls
from anmi.telephony.transcripts import repository
from anmi.telephony.transcripts.events import TranscriptWritten
from anmi.telephony.transcripts.models import CallTranscript


async def read_announcement(unit: UnitOfWork, event: TranscriptWritten) -> None:
    """Write down how a call ended, where the network has said it; of a call that was answered it says nothing."""
    row = await repository.one(unit.session, CallTranscript.call_id == event.call_id)
    if row is None or row.call.answered_at is not None or row.call.ended_at is None:
        return
    lines = await repository.utterances(unit.session, event.call_id)
    ending = ending_announced(line.text for line in lines if line.channel == DEBTOR_CHANNEL)
    if ending is not None:
        await Calls(unit).read_announcement(row.call, ending)
