"""Journal lines: every event can be written and read again, and what is no event is refused."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.call_events import CallEvent, LegEnded, LegsConnected, MonitorAsked, Monitoring
from anmi.core.call_journal import KINDS, UnknownEvent, read, written
from anmi.core.call_legs import Ending, Evidence, Leg, Role, Source

st.register_type_strategy(Leg, st.builds(Leg, st.sampled_from(Role), st.integers(1, 9)))
events = st.sampled_from(sorted(KINDS)).flatmap(lambda name: st.from_type(KINDS[name]))


@given(events)
def test_an_event_is_read_as_it_was_written(event: CallEvent) -> None:
    assert read(json.loads(json.dumps(written(event)))) == event


def test_a_line_is_plain_and_leaves_out_what_was_not_seen() -> None:
    ended = LegEnded(Leg(Role.DEBTOR), Ending.POWERED_OFF, Evidence(Source.Q850, q850=20, sip=480))
    assert written(ended) == {
        "kind": "LegEnded",
        "leg": "debtor.1",
        "ending": "powered_off",
        "evidence": {"source": "q850", "q850": 20, "sip": 480},
    }
    assert written(LegsConnected((Leg(Role.AGENT), Leg(Role.DEBTOR)))) == {
        "kind": "LegsConnected",
        "legs": ["agent.1", "debtor.1"],
    }
    by = UUID(int=7)
    assert written(MonitorAsked(by, Monitoring.WHISPER)) == {"kind": "MonitorAsked", "by": str(by), "mode": "whisper"}


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"kind": "Nonsense"},
        {"kind": "HoldAsked"},
        {"kind": "HoldAsked", "by": "somebody"},
        {"kind": "LegAnswered", "leg": "king.1"},
        {"kind": "LegsConnected", "legs": 5},
        {"kind": "TimerRang", "timer": "never"},
    ],
)
def test_what_is_no_event_is_refused(line: dict[str, object]) -> None:
    with pytest.raises(UnknownEvent):
        read(line)
