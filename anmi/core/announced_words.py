"""What the network says before it clears a call, understood from its words: the ending they tell of.

A recogniser writes such phrases in the wrong characters (所不打 for 所拨打), so they are read by their sound: the
toneless pinyin that transcripts keep beside their text. Where it hears a wrong sound, what it writes stands here too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from anmi.core.call_legs import Ending
from anmi.core.transcripts import spelled

_SPEAKS_OF_A_NUMBER: Final = ("打的电话", "拨的电话", "拨叫的", "号码", "用户", "机主")

# The first that is said decides: 空号 is announced together with 请核对后再拨, 停机 together with 暂时无法接通.
_MEANT: Final = {
    Ending.EMPTY_NUMBER: ("空号", "号码不存在", "号码有误", "未启用", "尚未启用"),
    Ending.SUSPENDED: ("停机", "欠费", "暂停服务", "停止服务", "暂停使用"),
    Ending.CHANGED: ("已改号", "已更改", "已变更", "已更换", "号码已改"),
    Ending.POWERED_OFF: ("关机", "已关系"),
    Ending.BUSY: ("正在通话", "通话中", "正忙", "占线", "用户忙"),
    Ending.NO_ANSWER: ("无人接听", "无人应答", "没有人接听", "暂时无法接听", "不方便接听"),
    Ending.UNREACHABLE: ("无法接通", "不在服务区", "不能接通", "未能接通", "没有信号"),
}


def ending_announced(utterances: Iterable[str]) -> Ending | None:
    """Return the ending that these words announce, or None where they are no announcement of the network."""
    heard = spelled("".join(utterances))
    if not any(sound in heard for sound in _NUMBER_SOUNDS):
        return None
    return next((ending for ending, sounds in _SOUNDS.items() if any(sound in heard for sound in sounds)), None)


_NUMBER_SOUNDS: Final = tuple(spelled(words) for words in _SPEAKS_OF_A_NUMBER)
_SOUNDS: Final = {ending: tuple(spelled(words) for words in meant) for ending, meant in _MEANT.items()}
