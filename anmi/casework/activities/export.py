"""The diary as a file; numbers that somebody wrote into a note are masked."""

from __future__ import annotations

from typing import Final

from anmi.casework.activities.repository import WrittenRow
from anmi.casework.activities.service import Activities, ActivityFilter
from anmi.casework.debtors.models import NAME, PHONE
from anmi.core.codes import CodeTable
from anmi.core.masking import mask_digits, mask_name, mask_phone
from anmi.core.permissions import FieldRight
from anmi.identity.people.models import NAME as PERSON_NAME
from anmi.kit.exports import Export, ExportAsked, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork

_LABELS: Final = (
    "个案序列号",
    "姓名",
    "催收时间",
    "催收员",
    "催收方式",
    "催收结果",
    "联系电话",
    "催收内容",
    "下次跟进",
)


def export_of(wanted: ActivityFilter, asked: ExportAsked) -> Export:
    """Return the entries of a filter as a file."""

    async def count(unit: UnitOfWork) -> int:
        return await Activities(unit).count(wanted)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        activities = Activities(unit)
        written, following = await activities.written(wanted, ask)
        return [_row(unit, asked, activities.codes, row) for row in written], following

    return Export("催记", _LABELS, count, page)


def _row(unit: UnitOfWork, asked: ExportAsked, codes: CodeTable, row: WrittenRow) -> tuple[Cell, ...]:
    entry = row.activity
    action, result = codes.actions.get(entry.action_code), codes.results.get(entry.result_code or "")
    phone = unit.open(PHONE, row.number_sealed) if row.number_sealed else ""
    return (
        row.serial_no,
        mask_name(unit.open(NAME, row.name_sealed)),
        entry.at,
        unit.open(PERSON_NAME, row.by_name) if row.by_name else None,
        action.zh if action else entry.action_code,
        result.zh if result else entry.result_code,
        phone if asked.shows(unit, FieldRight.PHONE_FULL) else mask_phone(phone),
        mask_digits(entry.note),
        entry.next_action_at,
    )
