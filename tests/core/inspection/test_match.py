"""The fast scan hears exactly what a slow reading of every pattern hears."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.match import Cue, Scanner, sentence_bounds
from anmi.core.inspection.negation import is_taken_back
from anmi.core.inspection.text import plain

_PHRASES = [
    "明天就去你家 堵门",
    "不会有人去您家",
    "还是三千五",
    "下周五",
    "逾期了",
    "他欠了三万",
    "让他回个电话",
    "转我微信",
    "我们不收手续费",
    "你妈的",
    "法院",
    "我是派出所的",
    "警察来抓你",
    "征信一辈子",
    "身份证后四位",
    "请问是王先生吗",
    "打死你",
    "嗯",
    "好的",
    "，",
    "。",
    "？",
    "再不还",
    "您刚才说有人骂您",
    "天天给你打电话",
    "发朋友圈",
    "癌症",
    "跳楼",
    "得还",
    "不要相信",
    "不是您签的",
]


@pytest.fixture(scope="module")
def scanner(inspector: Inspector) -> Scanner:
    return Scanner(inspector.pack.cues, None, inspector.pack.common_words)


def heard_slowly(text: str, cues: tuple[Cue, ...]) -> set[str]:
    """Read every pattern of every cue over the whole text."""
    found: set[str] = set()
    for cue in cues:
        for way in cue.patterns:
            place = 0
            while match := way.regex.search(text, place):
                start, end = match.span()
                opened, closed = sentence_bounds(text, start, end)
                if not is_taken_back(text, match, cue.guards) and not any(
                    excuse.regex.search(text[opened:closed]) for excuse in cue.unless
                ):
                    found.add(cue.id)
                    break
                place = end if end > start else end + 1
    return found


@given(st.lists(st.sampled_from(_PHRASES), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_fast_scan_hears_what_a_slow_reading_hears(inspector: Inspector, scanner: Scanner, said: list[str]) -> None:
    text = "".join(said)
    assert set(scanner.scan([text])[0].hits) == heard_slowly(plain(text), inspector.pack.cues)
