"""Reads sums of money as people say them: 三千五, 两万块, 1万2, 一千二百三十四块五毛; a vague one has no figure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from anmi.core.money import Money

_DIGIT_SIGNS: Final = ("零〇", "一幺壹", "二两贰俩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_DIGITS: Final = {sign: value for value, signs in enumerate(_DIGIT_SIGNS) for sign in signs}
_SCALES: Final = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "亿": 10**8,
}
_NUMERAL: Final = "".join(_DIGITS) + "十拾百佰千仟万亿"
_ARABIC: Final = r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_AMOUNT: Final = re.compile(
    rf"(?P<before>大概|大约|差不多|可能|也就|几)?(?P<mark>[¥￥])?"
    # In 周五两千 the day of the week is no digit of the sum.
    rf"(?:(?<![周拜期])|(?![一二三四五六][一二两三四五六七八九]))"
    rf"(?P<number>(?:(?:{_ARABIC})(?:[wk万千百](?:[\d{_NUMERAL}]+)?)?|[{_NUMERAL}]+(?:点[{_NUMERAL}]+[万千百]?)?))"
    r"(?P<vague>多|来|把|几|余|左右|上下|出头|不到)?"
    r"(?P<unit>块钱|块|元|圆|人民币|钱)?(?P<tail>[零一二两三四五六七八九\d](?!次性|起|个|笔|下)(?:毛|角)?(?:[零一二两三四五六七八九\d]分)?|[零一二两三四五六七八九\d]分)?(?P<after>钱)?(?P<later>左右|上下|出头|不到|以内)?",
)
# What a number counts when it is no sum; a telephone, a staff number and a date are no sums either.
_MEASURE_LIST: Final = (
    "天 个 号 月 年 日 点 次 期 人 遍 位 岁 小时 分钟 秒 周 星期 礼拜 家 条 种 % ％ 倍 成 折 笔 张 层 楼 米 公里 里"
    " 斤 级 手 通 下 起 样 旦 直 定 般 会 些 代 口 句 份 刻 季 世 辈 分之 兄弟 只 名 辆 套 方"
)
_MEASURES: Final = tuple(_MEASURE_LIST.split())
# These begin like a measure and name a day: "三千月底还".
_DAYS: Final = re.compile(
    r"月[底末初]|年[底前]|下(?:周|个|下|月|星期|礼拜)|(?:周|星期|礼拜)[一二三四五六日天末]|日[前内]"
)
_LABELS: Final = re.compile(
    r"(?:工号|编号|尾号|后四位|后六位|电话|手机|号码|拨打|热线|卡号|账号|身份证|警号|案号|验证码|年利率|利率|百分之|第)"
    r"(?:是|为|：|:)?$"
)
# "转一千二" sends money, "转8012" asks for an extension.
_EXTENSION: Final = re.compile(r"转(?:是|为|：|:)?$")
_MAX_PLAIN_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class SpokenAmount:
    """A sum at `text[start:end]`; `money` is None where the speaker was vague, and `about` what was nearly said."""

    money: Money | None
    start: int
    end: int
    about: Money


def read_amounts(text: str) -> list[SpokenAmount]:
    """Return every sum of money in a text, in order."""
    return [amount for match in _AMOUNT.finditer(text) if (amount := _amount(text, match))]


def read_number(numeral: str) -> Decimal | None:
    """Read `三千五`, `一万二`, `1万2`, `两百零五`, `3,500.5` or `一千二百三十四`; return None for what is no number."""
    plain = numeral.replace(",", "").replace("，", "")
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return Decimal(plain)
    if point := re.fullmatch(rf"([{_NUMERAL}]+)点([{''.join(_DIGITS)}]+)([万千百]?)", plain):
        whole, digits = _whole(point[1]), "".join(str(_DIGITS[digit]) for digit in point[2])
        return None if whole is None else Decimal(f"{whole}.{digits}") * _SCALES.get(point[3], 1)
    if mixed := re.fullmatch(rf"(\d+(?:\.\d+)?)([wk万千百])([\d{_NUMERAL}]*)", plain):
        return _mixed(mixed)
    whole = _whole(plain)
    return None if whole is None else Decimal(whole)


def _mixed(mixed: re.Match[str]) -> Decimal | None:
    scale, rest = _SCALES[mixed[2]], mixed[3]
    head = Decimal(mixed[1]) * scale
    if not rest:
        return head
    if len(rest) == 1 and (rest in _DIGITS or rest.isdigit()):
        # "1万2" leaves the thousand unsaid.
        return head + int(_DIGITS.get(rest, -1) if rest in _DIGITS else rest) * scale // 10
    tail = read_number(rest)
    return None if tail is None else head + tail


def _whole(numeral: str) -> int | None:
    if not numeral or any(sign not in _DIGITS and sign not in _SCALES for sign in numeral):
        return None
    if not any(sign in _SCALES for sign in numeral):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total = section = digit = 0
    last_scale, has_digit = 1, False
    for sign in numeral:
        if sign in _DIGITS:
            digit, has_digit = _DIGITS[sign], sign not in "零〇"
            last_scale = 1 if sign in "零〇" else last_scale
            continue
        scale = _SCALES[sign]
        if scale >= 10_000:
            total, section, digit = (total + section + digit) * scale, 0, 0
        else:
            section, digit = section + (digit if has_digit or digit else 1) * scale, 0
        last_scale, has_digit = scale, False
    # "三千五" leaves the hundred unsaid; "三千零五" does not.
    return total + section + (digit * (last_scale // 10) if digit and last_scale > 1 else digit)


def _amount(text: str, match: re.Match[str]) -> SpokenAmount | None:
    number, unit = match["number"], match["unit"] or match["mark"]
    after, before = text[match.end() :], text[: match.start()]
    if not unit and (_is_labelled(before, number) or not _could_be_money(number, after, match)):
        return None
    value = read_number(number)
    if value is None:
        return None
    vague = bool(match["before"] or match["vague"] or match["later"] or _is_a_range(number))
    end = match.end() if unit or not match["tail"] else match.start("tail")
    fen = int(value * 100) + (_small_change(match["tail"]) if unit and match["tail"] else 0)
    about = Money(max(fen, 0))
    return SpokenAmount(None if vague or fen <= 0 else about, match.start("number"), end, about)


def _is_labelled(before: str, number: str) -> bool:
    has_scale = any(sign in _SCALES for sign in number)
    return bool(_LABELS.search(before)) or (not has_scale and bool(_EXTENSION.search(before)))


def _could_be_money(number: str, after: str, match: re.Match[str]) -> bool:
    follows = (match["tail"] or "") + (match["after"] or "") + after
    if not match["vague"] and follows.startswith(_MEASURES) and not _DAYS.match(follows):
        return False
    digits = re.sub(r"\D", "", number)
    if digits == number:
        return (
            3 <= len(digits) <= _MAX_PLAIN_DIGITS
            and not re.match(r"[-/:：.]\d", follows)
            and not digits.startswith("0")
        )
    if digits:
        return True
    # A bare numeral is a sum only when it reaches the hundreds: "五" and "二十" count anything.
    return any(sign in "百千万亿佰仟" for sign in number) and number[0] not in "百千万亿"


def _is_a_range(number: str) -> bool:
    return bool(re.search(r"[一二两三四五六七八九][一二两三四五六七八九][十百千万]", number))


def _small_change(tail: str) -> int:
    """Return the fen of `五毛`, `五毛二分`, `五分` or of the bare digit in `三块五`."""
    found = re.fullmatch(
        r"(?:(?P<jiao>[零一二两三四五六七八九\d])(?:毛|角)?)?(?:(?P<fen>[零一二两三四五六七八九\d])分)?", tail
    )
    if found is None:
        return 0
    return 10 * _digit(found["jiao"]) + _digit(found["fen"])


def _digit(sign: str | None) -> int:
    if not sign:
        return 0
    return int(sign) if sign.isdigit() else _DIGITS[sign]
