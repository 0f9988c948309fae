"""What is written of a call beside its journal: when it came how far, and how it ended. Told again, it is the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from anmi.core.call_events import (
    AnnouncementRead,
    CallEvent,
    ConferenceAsked,
    DialRefused,
    LegAnswered,
    LegEnded,
    LegRinging,
    LegsConnected,
    MonitorAsked,
    TakeOverAsked,
    TransferAsked,
)
from anmi.core.call_legs import SPOKEN, Ending, Evidence, Source
from anmi.core.call_stages import DEBTOR, AskingPermission, Call, Dialling, Ended, EndedBy, Talking
from anmi.core.call_views import CallPhase, owner_of, phase_of
from anmi.core.number_state import NumberState

NUMBER_STATES: Final = {
    Ending.NO_ANSWER: NumberState.ACTIVE,
    Ending.TIMED_OUT: NumberState.ACTIVE,
    Ending.BUSY: NumberState.BUSY,
    Ending.REJECTED: NumberState.ACTIVE,
    Ending.EMPTY_NUMBER: NumberState.EMPTY,
    Ending.SUSPENDED: NumberState.SUSPENDED,
    Ending.CHANGED: NumberState.CHANGED,
    Ending.POWERED_OFF: NumberState.POWERED_OFF,
    Ending.UNREACHABLE: NumberState.UNREACHABLE,
    Ending.INCOMPLETE_NUMBER: NumberState.INVALID_FORMAT,
}
"""What an ending tells of a number that was not answered; the others tell of ourselves or of the network."""

_COUNTED: Final = {
    TransferAsked: "transfers",
    ConferenceAsked: "conferences",
    MonitorAsked: "monitors",
    TakeOverAsked: "take_overs",
}


@dataclass(frozen=True, slots=True)
class CallRecord:
    """The row of a call, as far as its life tells it."""

    phase: CallPhase = CallPhase.ASKED
    agent_id: UUID | None = None
    """Whose call it is; who had it last stays."""
    agent_up_at: datetime | None = None
    dialled_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    ending: Ending | None = None
    refused_rule: str | None = None
    refused_reason: str | None = None
    number_state: NumberState | None = None
    evidence: Evidence | None = None
    held_since: datetime | None = None
    held_seconds: int = 0
    counts: dict[str, int] = field(default_factory=dict[str, int])
    """How often it was transferred, conferred, monitored, taken over."""

    @property
    def talked_seconds(self) -> int:
        """How long agent and debtor could speak, holds included."""
        if self.connected_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.connected_at).total_seconds())


def recorded(record: CallRecord, before: Call, event: CallEvent, after: Call, at: datetime) -> CallRecord:
    """Return the record after a step."""
    if before.has_ended:
        return _told_later(record, event)
    record = _with_step(record, before, after, at)
    match event:
        case LegRinging(leg) if leg == DEBTOR and record.ringing_at is None:
            record = replace(record, ringing_at=at)
        case LegAnswered(leg) if leg == DEBTOR and record.answered_at is None:
            record = replace(record, answered_at=at)
        case LegsConnected(legs) if (
            DEBTOR in legs and record.connected_at is None and isinstance(before.stage, Talking)
        ):
            record = replace(record, connected_at=at)
        case DialRefused(rule_id, reason):
            record = replace(record, refused_rule=rule_id, refused_reason=reason)
        case TransferAsked() | ConferenceAsked() | MonitorAsked() | TakeOverAsked() if before != after:
            name = _COUNTED[type(event)]
            record = replace(record, counts={**record.counts, name: record.counts.get(name, 0) + 1})
        case _:
            pass
    record = _with_evidence(record, event)
    return _with_end(record, after.stage, at) if isinstance(after.stage, Ended) else record


def _is_talk(call: Call) -> bool:
    return isinstance(call.stage, Talking)


def _with_step(record: CallRecord, before: Call, after: Call, at: datetime) -> CallRecord:
    phase = phase_of(after.stage)
    record = replace(record, phase=phase, agent_id=owner_of(after.stage) or record.agent_id)
    if isinstance(after.stage, AskingPermission) and record.agent_up_at is None:
        record = replace(record, agent_up_at=at)
    if isinstance(after.stage, Dialling) and record.dialled_at is None:
        record = replace(record, dialled_at=at)
    was_held, is_held = phase_of(before.stage) is CallPhase.HELD, phase is CallPhase.HELD
    if is_held and not was_held:
        return replace(record, held_since=at)
    if was_held and not is_held and record.held_since is not None:
        held = int((at - record.held_since).total_seconds())
        return replace(record, held_since=None, held_seconds=record.held_seconds + held)
    return record


def _told_later(record: CallRecord, event: CallEvent) -> CallRecord:
    return _with_announcement(record, event) if isinstance(event, AnnouncementRead) else _with_evidence(record, event)


def _with_evidence(record: CallRecord, event: CallEvent) -> CallRecord:
    # The wire may name its reason a moment after we have given up waiting.
    if isinstance(event, LegEnded) and event.leg == DEBTOR and event.evidence is not None and record.evidence is None:
        return replace(record, evidence=event.evidence)
    return record


def _with_announcement(record: CallRecord, read: AnnouncementRead) -> CallRecord:
    """What the network said is more to the point than the code it cleared with, unless that code was exact."""
    evidence = record.evidence
    if record.answered_at is not None or evidence is None or not evidence.is_vague:
        return record
    told = replace(evidence, source=Source.ANNOUNCEMENT, announcement=SPOKEN)
    return replace(record, ending=read.ending, number_state=NUMBER_STATES.get(read.ending), evidence=told)


def _with_end(record: CallRecord, ended: Ended, at: datetime) -> CallRecord:
    state = NumberState.ACTIVE if record.answered_at is not None else NUMBER_STATES.get(ended.ending or Ending.FAILED)
    return replace(record, ended_at=at, ended_by=ended.by, ending=ended.ending, number_state=state)
