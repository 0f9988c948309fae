"""Call records as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from anmi.core.call_words import ENDING_WORDS
from anmi.kit.exports import Export, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Direction
from anmi.telephony.records.service import RecordFilter, Records, RecordView

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


def export_of(wanted: RecordFilter) -> Export:
    """Return the calls of a filter as a file; numbers stay masked for everybody."""

    async def count(unit: UnitOfWork) -> int:
        return await Records(unit).count(wanted)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        views, following = await Records(unit).page(wanted, ask)
        return [cells_of(view) for view in views], following

    return Export("话单", LABELS, count, page)


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
