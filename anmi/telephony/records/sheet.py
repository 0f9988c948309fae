"""Call records as rows of a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from anmi.core.call_words import ENDING_WORDS
from anmi.kit.sheets import Cell
from anmi.telephony.calls.models import Direction
from anmi.telephony.records.views import RecordView

DIRECTIONS: Final = {Direction.OUTBOUND: "呼出", Direction.INBOUND: "呼入"}

LABELS: Final = (
    "呼叫时间",
    "方向",
    "坐席",
    "分机",
    "班组",
    "对方号码",
    "外显号码",
    "线路",
    "应答时间",
    "结束时间",
    "通话秒数",
    "保持秒数",
    "结果",
    "录音编号",
    "通话编号",
)


def cells_of(view: RecordView) -> Sequence[Cell]:
    """Return a call as a row of a sheet."""
    return (
        view.asked_at,
        DIRECTIONS[view.direction],
        view.agent_name,
        view.extension,
        view.unit_name,
        view.number_masked,
        view.caller_id,
        view.trunk_name,
        view.answered_at,
        view.ended_at,
        view.talk_seconds,
        view.held_seconds,
        ENDING_WORDS[view.ending].zh if view.ending is not None else None,
        str(view.recording_id) if view.recording_id is not None else None,
        str(view.id),
    )
