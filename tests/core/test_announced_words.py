"""What the network says before it clears a call is understood, as recognisers write it; what people say is not."""

from __future__ import annotations

import pytest

from anmi.core.announced_words import ending_announced
from anmi.core.call_legs import Ending


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ("您好,您所拨打的号码是空号,请核对后再拨。", Ending.EMPTY_NUMBER),
        ("你好你所播打的号码不存在请查证后再拨", Ending.EMPTY_NUMBER),
        ("您好,您所拨打的号码已停机。Sorry, the number you dialed is out of service.", Ending.SUSPENDED),
        ("您好您所不打的号码与停机。", Ending.SUSPENDED),
        ("您拨打的用户因欠费暂停服务", Ending.SUSPENDED),
        ("您好,您拨打的号码已改号", Ending.CHANGED),
        ("您好,您拨打的电话已关机。", Ending.POWERED_OFF),
        ("你好你所不打的电话已关系。", Ending.POWERED_OFF),
        ("您好,您所拨打的电话正在通话中,请稍后再拨。", Ending.BUSY),
        ("对不起,您拨打的用户正忙", Ending.BUSY),
        ("您好,您拨打的电话暂时无人接听,请稍后再拨", Ending.NO_ANSWER),
        ("你好你所不打的电话暂时无法接通，请稍后再播。", Ending.UNREACHABLE),
        ("对不起,您所拨打的用户不在服务区", Ending.UNREACHABLE),
    ],
)
def test_an_announcement_tells_how_the_call_ended(said: str, ending: Ending) -> None:
    assert ending_announced([said]) is ending


def test_an_announcement_cut_in_two_utterances_is_one() -> None:
    assert ending_announced(["您好,您所拨打的电", "话已关机"]) is Ending.POWERED_OFF


@pytest.mark.parametrize(
    "said",
    [
        "",
        "喂,你好,哪位?",
        "我手机昨天关机了",
        "我正在通话中,等一下打给你",
        "请在嘀声后留言",
        "您拨打的电话",
        "♪ la la la",
    ],
)
def test_anything_else_announces_nothing(said: str) -> None:
    assert ending_announced([said]) is None
