"""Masking: how a name, a number or an address looks to eyes that need not know all of it."""

from __future__ import annotations

import re
from typing import Final

_SURNAMES: Final = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 长孙 宇文 司徒 端木 夏侯 独孤 南宫 西门 轩辕"
_COMPOUND_SURNAMES: Final = frozenset(_SURNAMES.split())

# A district follows its city, so the first of these words ends it; 新区, 开发区 and 自治县 end with them too.
_DISTRICT: Final = re.compile(r"^.{2,20}?(?:自治县|县|区|旗)(?!号|院|栋|段)|^.{2,12}市")


def mask_name(name: str) -> str:
    """Keep the surname and, of three characters or more, the last one: `张*`, `张*三`, `欧阳*`."""
    if len(name) < 2:
        return "*" if name else ""
    surname = name[:2] if name[:2] in _COMPOUND_SURNAMES and len(name) > 2 else name[:1]
    rest = name[len(surname) :]
    return surname + "*" if len(rest) == 1 else surname + "*" * (len(rest) - 1) + rest[-1]


def mask_phone(phone: str) -> str:
    """Keep the first three and the last four digits of a mobile, area code and last four of a landline."""
    if "-" in phone:
        area, _, number = phone.partition("-")
        return f"{area}-****{number[-4:]}"
    if len(phone) < 8:
        return "*" * len(phone)
    return f"{phone[:3]}****{phone[-4:]}"


def mask_id_number(number: str) -> str:
    """Keep the first three (the province) and the last four."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "*" * len(number)


def mask_card(number: str) -> str:
    """Keep the last four of a bank card."""
    return f"**** {number[-4:]}" if len(number) > 4 else "*" * len(number)


def mask_address(address: str) -> str:
    """Keep an address down to its district, or to its city where it names none."""
    compact = "".join(address.split())
    found = _DISTRICT.match(compact)
    return (found[0] if found else compact[:3]) + "***"


def mask_digits(text: str) -> str:
    """Mask the middle of every run of seven digits or more in free text."""
    out: list[str] = []
    run = ""
    for char in [*text, ""]:
        if char.isdecimal() and char:
            run += char
            continue
        out.append(f"{run[:3]}{'*' * (len(run) - 5)}{run[-2:]}" if len(run) >= 7 else run)
        out.append(char)
        run = ""
    return "".join(out)
