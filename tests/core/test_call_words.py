"""A call's journal as people read it."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from anmi.core.call_events import CallEvent
from anmi.core.call_legs import Ending, Role
from anmi.core.call_words import ENDING_WORDS, ROLE_WORDS, told

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_event_ending_and_role_has_words_in_both_languages() -> None:
    assert (set(ENDING_WORDS), set(ROLE_WORDS)) == (set(Ending), set(Role))
    for kind in get_args(CallEvent):
        words = told({"kind": kind.__name__, "leg": "debtor.1", "ending": "busy", "mode": "listen"})
        assert words.zh != "其他事件", kind
        assert CHINESE.search(words.zh), kind
        assert not CHINESE.search(words.en), kind
        assert "{" not in words.zh + words.en, kind


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        (
            {"kind": "LegEnded", "leg": "debtor.1", "ending": "powered_off"},
            "客户一路结束：关机",
            "The leg to the debtor ended: powered off",
        ),
        (
            {"kind": "LegsConnected", "legs": ["agent.1", "debtor.1"]},
            "坐席、客户互通",
            "Connected: the agent, the debtor",
        ),
        (
            {"kind": "DialRefused", "rule_id": "HOURS_BAN", "reason": "…"},
            "合规闸拒绝拨打（HOURS_BAN）",
            "The contact gate refuses the dial (HOURS_BAN)",
        ),
        ({"kind": "SomethingOfTomorrow"}, "其他事件", "Something else"),
    ],
)
def test_a_line_is_told_as_a_sentence(event: dict[str, Any], zh: str, en: str) -> None:
    words = told(event)
    assert (words.zh, words.en) == (zh, en)


def test_no_key_that_was_pressed_is_told() -> None:
    for event in ({"kind": "KeyPressed", "leg": "debtor.1", "key": "7"}, {"kind": "KeysAsked", "keys": "7777"}):
        assert "7" not in told(event).zh + told(event).en
