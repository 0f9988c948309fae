"""The case list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from anmi.casework.cases import listing
from anmi.casework.cases.service import CaseFilter, CaseLine, Cases
from anmi.casework.debtors.models import ID_NUMBER, PHONE
from anmi.casework.words import CASE_STATES
from anmi.core.masking import mask_id_number, mask_phone
from anmi.core.money import Money
from anmi.core.permissions import FieldRight
from anmi.kit.exports import Export, ExportAsked, Rows
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell
from anmi.kit.unit_of_work import UnitOfWork

_LABELS: Final = (
    "个案序列号",
    "委托方",
    "产品",
    "批次",
    "姓名",
    "证件号",
    "本人手机",
    "城市",
    "状态",
    "阶段",
    "账龄",
    "逾期天数",
    "委案金额",
    "当前欠款",
    "累计还款",
    "催收员",
    "班组",
    "停催",
    "特殊人群",
    "距退案天数",
    "最近跟进",
    "最近结果",
    "下次跟进",
    "导入时间",
)


def export_of(wanted: CaseFilter, asked: ExportAsked) -> Export:
    """Return the cases of a filter as a file."""

    async def count(unit: UnitOfWork) -> int:
        return await Cases(unit).count(wanted)

    async def page(unit: UnitOfWork, ask: Ask) -> tuple[Rows, str | None]:
        lines, following = await Cases(unit).page(wanted, ask)
        persons = await listing.persons(unit.session, {line.debtor.id for line in lines})
        return [_row(line, *_identity(unit, asked, persons[line.debtor.id])) for line in lines], following

    return Export("案件", _LABELS, count, page)


def _identity(unit: UnitOfWork, asked: ExportAsked, person: Any) -> tuple[str, str]:
    number = unit.open(ID_NUMBER, person.id_number_sealed)
    phone = unit.open(PHONE, person.number_sealed) if person.number_sealed else ""
    return (
        number if asked.shows(unit, FieldRight.ID_NUMBER_FULL) else mask_id_number(number),
        phone if asked.shows(unit, FieldRight.PHONE_FULL) else mask_phone(phone),
    )


def _row(line: CaseLine, id_number: str, phone: str) -> Sequence[Cell]:
    return (
        line.serial_no,
        line.creditor.name,
        line.product.name,
        line.placement.name,
        line.debtor.name,
        id_number,
        phone,
        line.city,
        CASE_STATES[line.state],
        line.stage,
        line.bucket,
        line.dpd,
        Money(line.placed_fen),
        Money(line.owing_fen),
        Money(line.paid_fen),
        line.holder.name if line.holder else None,
        line.unit.name if line.unit else None,
        "是" if line.is_held else "否",
        "是" if line.is_special else "否",
        line.days_to_due_back,
        line.last_activity_at,
        line.last_result,
        line.next_action_at,
        line.created_at,
    )
