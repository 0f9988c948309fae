"""Where a number comes from by its prefix (号码归属地): carrier, province and city, as far as our plan knows.

Numbers are ported between carriers since 2019, so the carrier is who was given the prefix, not who serves it today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import phonenumbers

from anmi.core.phone_number import PhoneNumber

_CARRIERS: Final = ("移动", "联通", "电信", "广电")
_PLACE: Final = re.compile(r"(?P<province>.+?(?:省|自治区)|内蒙古|广西|西藏|宁夏|新疆)?(?P<city>.*)")
_MUNICIPALITIES: Final = ("北京", "上海", "天津", "重庆")


@dataclass(frozen=True, slots=True)
class Origin:
    """Carrier and place of a prefix; None where they are not known."""

    carrier: str | None = None
    province: str | None = None
    city: str | None = None


def origin_of(number: PhoneNumber) -> Origin:
    """Return where a number comes from."""
    return _origin(number.digits[:7], len(number.digits))


@cache
def known_places() -> frozenset[tuple[str | None, str]]:
    """Return every province and city that `origin_of` may name; read once, for it takes a moment."""
    from phonenumbers.geodata import GEOCODE_DATA  # noqa: PLC0415

    texts = {words["zh"] for prefix, words in GEOCODE_DATA.items() if prefix.startswith("86") and "zh" in words}
    places = map(_place, texts)
    return frozenset((province, city) for province, city in places if city is not None)


@lru_cache(maxsize=65536)
def _origin(prefix: str, length: int) -> Origin:
    # The tables of places are large; a process that opens no cases does without them.
    from phonenumbers import carrier, geocoder  # noqa: PLC0415

    number = phonenumbers.PhoneNumber(country_code=86, national_number=int(prefix.ljust(length, "0")))
    said = carrier.name_for_number(number, "zh")
    place = geocoder.description_for_number(number, "zh")
    province, city = _place(place if place != "中国" else "")
    return Origin(next((name for name in _CARRIERS if name in said), None), province, city)


def _place(text: str) -> tuple[str | None, str | None]:
    if text.startswith(_MUNICIPALITIES):
        return text[:2], text[:2]
    found = _PLACE.fullmatch(text)
    if found is None or not text:
        return None, None
    province, city = found["province"], found["city"].removesuffix("市")
    return (province.removesuffix("省") if province else None), city or None
