"""A template says what a creditor's columns are called, so that nothing has to be guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from anmi.core.placement_sheet.amounts import UNIT_WORDS, Unit
from anmi.core.placement_sheet.columns import Column, header_key
from anmi.core.placement_sheet.contact_source import ContactSource, read_contact_source
from anmi.core.placement_sheet.dates import DateOrder

_KEYS: Final = ("columns", "sheet", "header_row", "amount_unit", "date_order", "source", "name")


class TemplateWrong(ValueError):
    """The template does not say what a template may say; the message tells where."""


@dataclass(frozen=True, slots=True)
class Template:
    """How one creditor writes its placements. An empty one leaves everything to the guess."""

    columns: Mapping[Column, tuple[str, ...]] = field(default_factory=dict[Column, tuple[str, ...]])
    sheet: str | None = None
    header_row: int | None = None
    amount_unit: Unit | None = None
    date_order: DateOrder = DateOrder.UNKNOWN
    source: ContactSource | None = None


def read_template(said: object) -> Template:
    """Read a template out of parsed JSON; raise TemplateWrong naming the part that is wrong."""
    if not isinstance(said, dict):
        raise TemplateWrong("模板应为一个 JSON 对象")
    parts = cast("dict[str, object]", said)
    if strange := [key for key in parts if key not in _KEYS]:
        raise TemplateWrong(f"模板中有未知的项：{'、'.join(strange)}（可用：{'、'.join(_KEYS)}）")
    return Template(
        columns=_columns(parts.get("columns", {})),
        sheet=_text(parts, "sheet"),
        header_row=_header_row(parts.get("header_row")),
        amount_unit=_unit(_text(parts, "amount_unit")),
        date_order=_date_order(_text(parts, "date_order")),
        source=_source(_text(parts, "source")),
    )


def _columns(said: object) -> dict[Column, tuple[str, ...]]:
    if not isinstance(said, dict):
        raise TemplateWrong("columns 应为“标准列名：表头”的对象")
    columns: dict[Column, tuple[str, ...]] = {}
    for name, labels in cast("dict[str, object]", said).items():
        try:
            column = Column(name)
        except ValueError:
            raise TemplateWrong(f"columns 中没有“{name}”这一列（可用：{'、'.join(Column)}）") from None
        texts = cast("list[object]", labels) if isinstance(labels, list) else [labels]
        if not texts or not all(isinstance(text, str) and header_key(text) for text in texts):
            raise TemplateWrong(f"columns 中“{name}”的表头应为文本或文本的列表")
        columns[column] = tuple(str(text) for text in texts)
    return columns


def _text(parts: dict[str, object], key: str) -> str | None:
    value = parts.get(key)
    if value is None or isinstance(value, str):
        return value
    raise TemplateWrong(f"{key} 应为文本")


def _header_row(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TemplateWrong("header_row 应为从 1 起的行号")
    return value


def _unit(word: str | None) -> Unit | None:
    if word is None:
        return None
    if word not in UNIT_WORDS:
        raise TemplateWrong("amount_unit 应为 元、千元、万元 或 分")
    return UNIT_WORDS[word]


def _date_order(word: str | None) -> DateOrder:
    if word is None:
        return DateOrder.UNKNOWN
    try:
        return DateOrder(word)
    except ValueError:
        raise TemplateWrong("date_order 应为 ymd、mdy 或 dmy") from None


def _source(word: str | None) -> ContactSource | None:
    if word is None:
        return None
    source = read_contact_source(word)
    if source is None:
        raise TemplateWrong(
            f"source 不是合法的联系方式来源（可用：{'、'.join(each.chinese for each in ContactSource)}）"
        )
    return source
