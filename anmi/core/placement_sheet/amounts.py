"""Amounts as agencies write them: separators, currency signs, full-width digits, brackets, 万.

An amount is exact to the fen, or it is refused."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from typing import Final

from anmi.core.money import Money
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, clean, without_white
from anmi.core.placement_sheet.reasons import Reason


class Unit(Enum):
    """What one unit of an amount column is, in fen."""

    FEN = 1
    YUAN = 100
    THOUSAND_YUAN = 100_000
    TEN_THOUSAND_YUAN = 1_000_000


UNIT_WORDS: Final = {
    "分": Unit.FEN,
    "元": Unit.YUAN,
    "人民币": Unit.YUAN,
    "人民币元": Unit.YUAN,
    "rmb": Unit.YUAN,
    "cny": Unit.YUAN,
    "¥": Unit.YUAN,
    "千元": Unit.THOUSAND_YUAN,
    "万": Unit.TEN_THOUSAND_YUAN,
    "万元": Unit.TEN_THOUSAND_YUAN,
}

_BEFORE: Final = r"(?:人民币|RMB|CNY|CN¥|¥)?:?"
_AMOUNT: Final = re.compile(
    rf"(?P<sign>[+-]?){_BEFORE}(?P<inner_sign>[+-]?)"
    r"(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
    r"(?:E(?P<exponent>[+-]?[0-9]{1,3}))?"
    r"(?P<myriad>万)?(?:元|圆|块)?(?:整|正)?(?:人民币|RMB|CNY)?(?P<sign_behind>-?)",
    re.IGNORECASE,
)
_BRACKETS: Final = re.compile(r"(?P<before>[^()]*)\((?P<inside>[^()]+)\)(?P<behind>[^()]*)")
_REMARK: Final = re.compile(r"\([^()0-9]*\)")
_DASHES: Final = str.maketrans("−–—", "---")
_RENMINBI: Final = frozenset(("", "人民币", "人民币元", "rmb", "cny", "156", "01", "1", "元", "¥", "cn¥"))

# A binary float carries a little noise: it is forgiven, a third decimal is not.
_NOISE_IN_FEN: Final = Decimal("0.0001")
# No debt is larger than ten thousand billion yuan; a larger number is a card number in the wrong column.
_MOST_FEN: Final = Decimal(10**15)
_LONGEST_AMOUNT: Final = 60


def read_amount(cell: Cell, unit: Unit = Unit.YUAN) -> Money | Reason:
    """Read an amount in yuan, or in the column's own unit; it must be above zero and exact to the fen."""
    match cell:
        case bool():
            return Reason.BAD_AMOUNT
        case int() | float():
            amount = _exact(Decimal(repr(cell)), unit)
        case str():
            text = without_white(clean(cell))
            amount = _read_text(text, unit) if text else Reason.MISSING_REQUIRED
        case FormulaWithoutValue():
            return Reason.FORMULA_NO_VALUE
        case None:
            return Reason.MISSING_REQUIRED
        case _:
            return Reason.BAD_AMOUNT
    if isinstance(amount, Money) and amount.fen <= 0:
        return Reason.AMOUNT_NOT_POSITIVE
    return amount


def is_renminbi(text: str) -> bool:
    """Say whether a currency cell names our currency; a blank one does."""
    return without_white(text).lower() in _RENMINBI


def _read_text(text: str, unit: Unit) -> Money | Reason:
    if len(text) > _LONGEST_AMOUNT:
        return Reason.BAD_AMOUNT
    # The yen sign is the yuan sign; NFKC has made it narrow. People type the Chinese full stop for the point.
    text = text.replace("。", ".").replace("￥", "¥").replace("'", "")
    is_negative = False
    text = _REMARK.sub("", text).translate(_DASHES)
    if bracket := _BRACKETS.fullmatch(text):
        text, is_negative = bracket["before"] + bracket["inside"] + bracket["behind"], True
    found = _AMOUNT.fullmatch(text)
    if not found:
        return Reason.BAD_AMOUNT
    number = Decimal(found["number"].replace(",", "")).scaleb(int(found["exponent"] or 0))
    signs = found["sign"] + found["inner_sign"] + found["sign_behind"]
    if len(signs) > 1:
        return Reason.BAD_AMOUNT
    if signs == "-" or is_negative:
        number = -number
    if found["myriad"]:
        if unit is not Unit.YUAN:
            return Reason.BAD_AMOUNT
        unit = Unit.TEN_THOUSAND_YUAN
    return _exact(number, unit)


def _exact(number: Decimal, unit: Unit) -> Money | Reason:
    if not number.is_finite():
        return Reason.BAD_AMOUNT
    fen = number * unit.value
    # Look at the size before anything is rounded: 1E+999 has a thousand digits.
    if abs(fen) > _MOST_FEN:
        return Reason.BAD_AMOUNT
    whole = fen.to_integral_value(rounding=ROUND_HALF_EVEN)
    if abs(fen - whole) > _NOISE_IN_FEN:
        return Reason.BAD_AMOUNT
    return Money(int(whole))
