"""Rows that carry no case: blank ones, totals, notes, hints, and the header printed again on each page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from anmi.core.placement_sheet.cells import Cell, is_blank, text_of
from anmi.core.placement_sheet.columns import Column, header_key
from anmi.core.placement_sheet.header import Layout, lay_out
from anmi.core.placement_sheet.template import Template

_TOTAL: Final = re.compile(
    r"(?:本页|当页|全部|以上|案件|金额|委案金额)?(?:合计|总计|小计|共计|累计|汇总|总额|总金额|总数|总笔数|总户数)(?:金额|数|人民币|rmb)?[0-9.元笔户条件万]*"
    r"|共[0-9]+[条户笔件人个].*|(?:grand|sub)?totals?[0-9.]*|sum[0-9.]*",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(
    r"^(?:注[:：0-9一1]|注$|备注|说明|声明|提示|提醒|注意|温馨提示|附注|附[:：]|制表|制单|审核|复核|填表|填报|经办|打印|导出|"
    r"生成时间|统计|截至|截止|以上|以下|数据来源|来源[:：]|免责|保密|机密|单位[:：]|第\s*[0-9]+\s*页|共\s*[0-9]+\s*页|"
    r"页码|报表|联系人[:：]|日期[:：]|负责人|签字|签章|盖章|※|\*|#|//|-{3,}|={3,}|—{2,}|"
    r"notes?\b|remarks?\b|page\b|printed\b|generated\b|confidential)",
    re.IGNORECASE,
)
_HINT: Final = re.compile(
    r"必填项?|选填项?|非必填|可选|必输|文本(?:格式)?|日期(?:格式)?|数字|数值|金额|字符|元|"
    r"yyyy[-/.]?mm[-/.]?dd|string|text|date|number|decimal|varchar|示例|样例",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"[0-9]")
_LOOKS_LIKE_CODE: Final = re.compile(r"[A-Za-z0-9_\-/#.]+")
_FEWEST_COLUMNS: Final = 4
_FACTS_OF_A_CASE: Final = (Column.ID_NUMBER, Column.PHONE)
_WHO_AND_WHAT: Final = (Column.CASE_NO, Column.NAME, Column.ID_NUMBER, Column.PHONE)


def carries_no_case(cells: Sequence[Cell], layout: Layout) -> bool:
    """Say whether a row is to be skipped: it is blank, or it speaks about the cases instead of being one."""
    # The usual case first: a row with a debtor's number and telephone is a row.
    positions = layout.positions
    hard_facts = [_text_at(cells, positions[column]) for column in _FACTS_OF_A_CASE]
    if all(_DIGIT.search(fact) for fact in hard_facts):
        return False
    texts = [text_of(cell) if isinstance(cell, str) else cell for cell in cells]
    written = [(place, text) for place, text in enumerate(texts) if text not in (None, "")]
    if not written:
        return all(is_blank(cell) for cell in cells)
    if _is_header_again(written, layout) or _is_header_in_other_words(texts):
        return True
    words = [(place, text) for place, text in written if isinstance(text, str)]
    if words and all(_HINT.fullmatch(text) for _, text in words) and len(words) == len(written):
        return True
    if any(_has_four_digits(fact) for fact in hard_facts):
        return False
    return _is_total(words, layout) or _is_note(words, len(written), layout) or _names_nobody(written, layout)


def _text_at(cells: Sequence[Cell], place: int) -> str:
    return text_of(cells[place]) if place < len(cells) else ""


def _has_four_digits(text: str) -> bool:
    return len(_DIGIT.findall(text)) >= 4


def _is_header_again(written: Sequence[tuple[int, Cell]], layout: Layout) -> bool:
    same = sum(place < len(layout.labels) and text == layout.labels[place] for place, text in written)
    return same >= 2 and same * 2 > len(written)


def _is_header_in_other_words(texts: Sequence[Cell]) -> bool:
    """Say whether a row names the columns once more, say in English."""
    words = [text if isinstance(text, str) else "" for text in texts]
    if sum(map(bool, words)) < _FEWEST_COLUMNS or any(_DIGIT.search(word) for word in words):
        return False
    return lay_out(0, words, Template(), has_source=False).worth[0] >= _FEWEST_COLUMNS


def _is_total(words: Sequence[tuple[int, str]], layout: Layout) -> bool:
    telling = {layout.positions[column] for column in (Column.CASE_NO, Column.NAME, Column.PLACED_ON)}
    first = words[0][0] if words else None
    return any((place == first or place in telling) and _TOTAL.fullmatch(header_key(text)) for place, text in words)


def _is_note(words: Sequence[tuple[int, str]], written: int, layout: Layout) -> bool:
    if not words:
        return False
    place, text = words[0]
    if _NOTE.match(text) and (written == 1 or not _LOOKS_LIKE_CODE.fullmatch(text)):
        return True
    if written > 1 or place == layout.positions[Column.NAME]:
        return False
    # One cell alone that is neither a code nor a short word is a sentence.
    return not _LOOKS_LIKE_CODE.fullmatch(text) and (len(text) > 6 or not any(char.isalnum() for char in text))


def _names_nobody(written: Sequence[tuple[int, Cell]], layout: Layout) -> bool:
    # Figures without a name: a sum that somebody put below a column, or a value filled down too far.
    places = {place for place, _ in written}
    if any(layout.positions[column] in places for column in _WHO_AND_WHAT):
        return False
    return not all(layout.positions[column] in places for column in (Column.PLACED_ON, Column.AMOUNT))
