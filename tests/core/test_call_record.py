"""What is written of a call: told from its events, with the times they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from anmi.core.call_events import (
    AnnouncementRead,
    CallAsked,
    CallEvent,
    DialPermitted,
    DialRefused,
    HoldAsked,
    LegAnswered,
    LegCreated,
    LegEnded,
    LegRinging,
    LegsConnected,
    RecordingBegan,
    ResumeAsked,
)
from anmi.core.call_legs import Ending, Evidence, Leg, Role, Source
from anmi.core.call_life import step
from anmi.core.call_record import CallRecord, recorded
from anmi.core.call_stages import DEBTOR, Call, EndedBy
from anmi.core.call_views import CallPhase
from anmi.core.number_state import NumberState

MEI, AGENT = UUID(int=1), Leg(Role.AGENT)
BEGAN = datetime(2026, 3, 4, 2, tzinfo=UTC)
DIALLED = (CallAsked(MEI), LegCreated(AGENT), LegAnswered(AGENT), DialPermitted(None), LegCreated(DEBTOR))
TALKING = (*DIALLED, RecordingBegan(), LegRinging(DEBTOR), LegAnswered(DEBTOR), LegsConnected((AGENT, DEBTOR)))


def told(*events: CallEvent) -> CallRecord:
    """Tell one event a second."""
    call, record = Call(), CallRecord()
    for number, event in enumerate(events):
        after, _ = step(call, event)
        record = recorded(record, call, event, after, BEGAN + timedelta(seconds=number))
        call = after
    return record


def test_a_call_keeps_when_it_came_how_far() -> None:
    record = told(*TALKING, HoldAsked(MEI), ResumeAsked(MEI), LegEnded(DEBTOR, Ending.HUNG_UP))
    seconds = [
        (instant - BEGAN).total_seconds()
        for instant in (
            record.agent_up_at,
            record.dialled_at,
            record.ringing_at,
            record.answered_at,
            record.connected_at,
            record.ended_at,
        )
        if instant is not None
    ]
    assert seconds == [2, 3, 6, 7, 8, 11]
    assert (record.talked_seconds, record.held_seconds) == (3, 1)
    assert (record.phase, record.ended_by, record.ending) == (CallPhase.ENDED, EndedBy.DEBTOR, Ending.HUNG_UP)
    assert (record.agent_id, record.number_state) == (MEI, NumberState.ACTIVE)


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        (Ending.EMPTY_NUMBER, NumberState.EMPTY),
        (Ending.SUSPENDED, NumberState.SUSPENDED),
        (Ending.POWERED_OFF, NumberState.POWERED_OFF),
        (Ending.BUSY, NumberState.BUSY),
        (Ending.CONGESTED, None),
        (Ending.FAILED, None),
    ],
)
def test_an_ending_tells_of_the_number_only_what_the_number_is_to_blame_for(
    ending: Ending, state: NumberState | None
) -> None:
    record = told(*DIALLED, LegEnded(DEBTOR, ending, Evidence(Source.Q850, q850=1)))
    assert (record.number_state, record.ending) == (state, ending)
    assert record.evidence == Evidence(Source.Q850, q850=1)


def test_a_refused_call_keeps_the_rule() -> None:
    record = told(*DIALLED[:3], DialRefused("HOURS_BAN", "outside_hours"))
    assert (record.refused_rule, record.refused_reason, record.ending) == ("HOURS_BAN", "outside_hours", None)
    assert (record.ended_by, record.talked_seconds) == (EndedBy.RULE, 0)


def test_what_comes_after_the_end_changes_no_time() -> None:
    ended = told(*TALKING, LegEnded(DEBTOR, Ending.HUNG_UP))
    assert told(*TALKING, LegEnded(DEBTOR, Ending.HUNG_UP), LegEnded(AGENT, Ending.RELEASED)) == ended


@pytest.mark.parametrize(
    "evidence",
    [Evidence(Source.SIP, sip=480), Evidence(Source.CAUSE, cause=16), Evidence(Source.Q850, q850=18)],
    ids=["a status", "Asterisk's own word", "a cause sent for want of a better one"],
)
def test_what_the_network_said_in_words_is_more_to_the_point_than_a_vague_code(evidence: Evidence) -> None:
    ended = LegEnded(DEBTOR, Ending.UNREACHABLE, evidence)
    record = told(*DIALLED, ended, AnnouncementRead(Ending.SUSPENDED))
    assert (record.ending, record.number_state) == (Ending.SUSPENDED, NumberState.SUSPENDED)
    assert record.evidence == replace(evidence, source=Source.ANNOUNCEMENT, announcement="words")
    assert record.ended_at == told(*DIALLED, ended).ended_at


@pytest.mark.parametrize(
    "events",
    [
        (*DIALLED, LegEnded(DEBTOR, Ending.EMPTY_NUMBER, Evidence(Source.Q850, q850=1))),
        (*DIALLED, LegEnded(DEBTOR, Ending.TIMED_OUT, Evidence(Source.OURSELVES))),
        (*DIALLED, LegEnded(DEBTOR, Ending.BUSY, Evidence(Source.ANNOUNCEMENT, announcement="network-busy"))),
        (*TALKING, LegEnded(DEBTOR, Ending.HUNG_UP, Evidence(Source.CAUSE, cause=16))),
        TALKING,
    ],
    ids=["an exact cause", "we gave up", "known by its sound", "somebody answered", "not over"],
)
def test_words_change_nothing_where_we_know_better(events: tuple[CallEvent, ...]) -> None:
    assert told(*events, AnnouncementRead(Ending.SUSPENDED)) == told(*events)
