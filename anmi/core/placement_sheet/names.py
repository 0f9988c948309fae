"""Names of persons: Chinese, of the minorities with their dot, or in Latin letters; not numbers, and not a stand-in."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, text_of
from anmi.core.placement_sheet.reasons import Reason

LONGEST_NAME: Final = 60

_STAND_IN_WORDS: Final = """
    测试 无 无名 无名氏 未知 未填 未提供 不详 不明 暂无 没有 空 空白 匿名 保密 姓名 名字 客户 客户姓名 债务人 借款人
    本人 先生 女士 某某 某某某 某 同上 详见附件 待补 待补充 待确认 test name null none nan n/a na nil unknown
    undefined xxx xx aaa abc
"""
_STAND_INS: Final = frozenset(_STAND_IN_WORDS.split())
_USUAL_NAME: Final = re.compile(r"[\u4e00-\u9fff]{2,4}")
_DOTS: Final = re.compile(r"\s*[·•・‧∙⋅●.．]\s*")
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇\ue000-\uf8ff]")
_SPACE_IN_HAN: Final = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")


def read_name(cell: Cell) -> str | Reason:
    """Read a person's name; spaces that only spread two characters are taken out."""
    if isinstance(cell, FormulaWithoutValue):
        return Reason.FORMULA_NO_VALUE
    name = text_of(cell)
    if not name:
        return Reason.MISSING_REQUIRED
    if not isinstance(cell, str) or len(name) > LONGEST_NAME:
        return Reason.BAD_NAME
    if _USUAL_NAME.fullmatch(name):
        return Reason.BAD_NAME if name in _STAND_INS else name
    if _HAN.search(name):
        name = _SPACE_IN_HAN.sub("", _DOTS.sub("·", name))
    return name if _is_name(name) else Reason.BAD_NAME


def _is_name(name: str) -> bool:
    if len(name) < 2 or name.lower() in _STAND_INS:
        return False
    if not all(_may_stand_in_name(char) for char in name):
        return False
    return sum(char.isalpha() or _is_private(char) for char in name) >= 2 and _is_letter(name[0])


def _may_stand_in_name(char: str) -> bool:
    return _is_letter(char) or char in " ·་.'’-"


def _is_letter(char: str) -> bool:
    return char.isalpha() or _is_private(char) or unicodedata.category(char) in ("Mn", "Mc")


def _is_private(char: str) -> bool:
    # Banks keep rare characters of names in the private area of their fonts.
    return "\ue000" <= char <= "\uf8ff"
