"""What vendors' answers about numbers mean, how long each holds, and what they come to for a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from anmi.core.number_state import NumberState as State
from anmi.core.ports.number_screening import NumberAnswer


class AnswerFamily(StrEnum):
    """The code tables vendors answer by: two of 空号检测, one of 在网状态, one of collection systems."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"


CODES: Final[Mapping[AnswerFamily, Mapping[str, State]]] = {
    AnswerFamily.A: {
        "0": State.EMPTY,
        "1": State.ACTIVE,
        "2": State.SUSPENDED,
        "3": State.UNKNOWN,  # 库无
        "4": State.SILENT,
        "5": State.RISK,
    },
    AnswerFamily.B: {
        "1": State.ACTIVE,
        "2": State.EMPTY,
        "3": State.SUSPENDED,
        "4": State.POWERED_OFF,
        "5": State.SUSPECT_OFF,
        "6": State.UNKNOWN,
        "7": State.RISK,  # 异常号码
        "8": State.UNKNOWN,  # 查询失败
        "9": State.UNKNOWN,  # 不支持
        "10": State.SILENT,
        "11": State.RISK,
        "12": State.EMPTY,  # 不存在
    },
    AnswerFamily.C: {
        "0": State.EMPTY,  # 销号/未启用
        "1": State.ACTIVE,
        "2": State.SUSPENDED,
        "3": State.UNREACHABLE,  # 在网不可用
        "4": State.SUSPENDED,  # 预销号
        "5": State.POWERED_OFF,
    },
    AnswerFamily.D: {
        "0": State.EMPTY,
        "1": State.ACTIVE,
        "2": State.SUSPENDED,
        "3": State.UNKNOWN,
        "4": State.SILENT,
        "5": State.UNREACHABLE,
        "6": State.POWERED_OFF,
        "7": State.EMPTY,  # 空号停机
        "8": State.UNREACHABLE,  # 关机/无法接通
        "9": State.ACTIVE,  # 无人接听
        "10": State.ACTIVE,  # 接听本人/有关联
        "11": State.WRONG_PARTY,  # 接听非本人/无关联
    },
}

_RIGHT_PARTY: Final = {(AnswerFamily.D, "10"): True, (AnswerFamily.D, "11"): False}

# A number that is dead stays so for long; one that is switched off may be on in the evening.
_VALID_FOR: Final[Mapping[State, timedelta]] = {
    State.EMPTY: timedelta(days=30),
    State.SUSPENDED: timedelta(days=7),
    State.SILENT: timedelta(days=7),
    State.RISK: timedelta(days=7),
    State.POWERED_OFF: timedelta(hours=4),
    State.SUSPECT_OFF: timedelta(hours=4),
    State.UNREACHABLE: timedelta(hours=4),
    State.BUSY: timedelta(hours=1),
    State.UNKNOWN: timedelta(days=1),
}
_OTHERWISE: Final = timedelta(days=7)

_ANSWERING: Final = frozenset({State.ACTIVE, State.BUSY})
DEAD: Final = frozenset({State.EMPTY, State.SUSPENDED, State.WRONG_PARTY, State.CHANGED, State.INVALID_FORMAT})


class Reach(StrEnum):
    """Whether a debtor can be reached under her own numbers."""

    REACHABLE = "reachable"
    DEAD = "dead"
    UNKNOWN = "unknown"


def read_answer(family: AnswerFamily, code: str) -> NumberAnswer:
    """Read a vendor's code; one that its table does not know tells us nothing."""
    state = CODES[family].get(code, State.UNKNOWN)
    return NumberAnswer(state, code, _RIGHT_PARTY.get((family, code)))


def valid_for(state: State) -> timedelta:
    """Say how long an answer is relied on."""
    return _VALID_FOR.get(state, _OTHERWISE)


def is_known_better(state: State) -> bool:
    """Whether what we know came from a person who answered: no vendor can tell whose a number is."""
    return state in {State.WRONG_PARTY, State.CHANGED}


def reach_of(states: Iterable[State]) -> Reach:
    """Sum up the states of a debtor's own numbers that may be dialed; with none there is nothing to reach her under."""
    known = set(states)
    if known & _ANSWERING:
        return Reach.REACHABLE
    return Reach.DEAD if known <= DEAD else Reach.UNKNOWN
