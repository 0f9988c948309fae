"""A vendor of number screening over HTTP.

Vendors differ in the table they answer by, hardly in form: numbers go out as a JSON list, and a list of objects comes
back, each with a number and a code. What passes is tried again; what the vendor leaves out is unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, cast

import httpx

from anmi.core.number_screening import AnswerFamily, read_answer
from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer
from anmi.kit.errors import Unavailable

PORT: Final = "number_screening"
_NUMBERS: Final = ("mobile", "phone", "number", "mobiles", "tel")
_CODES: Final = ("status", "state", "result", "code")
_LISTS: Final = ("data", "result", "results", "list")
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where a vendor is asked, and by which table it answers."""

    url: str
    token: str
    family: AnswerFamily
    batch: int = 100
    timeout: timedelta = timedelta(seconds=10)
    attempts: int = 3
    pause: timedelta = timedelta(seconds=1)
    """Before the second attempt; twice as long before the third, and so on."""


class HttpScreening:
    """Asks one vendor, batch by batch."""

    def __init__(self, vendor: Vendor, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._vendor = vendor
        self._sleep = sleep

    @property
    def vendor(self) -> str:
        """Who answers: the vendor's host."""
        return httpx.URL(self._vendor.url).host

    async def screen(self, numbers: Sequence[PhoneNumber]) -> Mapping[PhoneNumber, NumberAnswer]:
        """Return an answer for every number; raise Unavailable when the vendor does not answer."""
        answers = dict.fromkeys(numbers, NumberAnswer(NumberState.UNKNOWN))
        headers = {"Authorization": f"Bearer {self._vendor.token}"}
        async with httpx.AsyncClient(
            timeout=self._vendor.timeout.total_seconds(), headers=headers, trust_env=False
        ) as client:
            for start in range(0, len(numbers), self._vendor.batch):
                batch = {number.digits: number for number in numbers[start : start + self._vendor.batch]}
                said = await self._ask(client, list(batch))
                answers |= {
                    batch[digits]: read_answer(self._vendor.family, code) for digits, code in said if digits in batch
                }
        return answers

    async def _ask(self, client: httpx.AsyncClient, digits: list[str]) -> list[tuple[str, str]]:
        fault = ""
        for attempt in range(self._vendor.attempts):
            if attempt:
                await self._sleep(self._vendor.pause.total_seconds() * 2 ** (attempt - 1))
            try:
                response = await client.post(self._vendor.url, json={"mobiles": digits})
            except httpx.TransportError as error:
                # A message of the transport may hold an address, never a number.
                fault = type(error).__name__
                continue
            if response.status_code not in _PASSING:
                return _said(response)
            fault = f"HTTP {response.status_code}"
        raise Unavailable(PORT, fault)


def _said(response: httpx.Response) -> list[tuple[str, str]]:
    if not response.is_success:
        raise Unavailable(PORT, f"HTTP {response.status_code}")
    try:
        body: Any = response.json()
    except ValueError:
        raise Unavailable(PORT, "the answer is no JSON") from None
    rows = next(_lists(body), None)
    if rows is None:
        raise Unavailable(PORT, "the answer holds no list of numbers")
    return [pair for row in rows if (pair := _pair(row))]


def _lists(body: Any) -> Iterator[list[Any]]:
    """Find the list of answers, which vendors wrap once or twice."""
    if isinstance(body, list):
        yield cast("list[Any]", body)
    elif isinstance(body, dict):
        wrapped = cast("dict[str, Any]", body)
        for name in _LISTS:
            if name in wrapped:
                yield from _lists(wrapped[name])


def _pair(row: Any) -> tuple[str, str] | None:
    if not isinstance(row, dict):
        return None
    said = cast("dict[str, Any]", row)
    number = next((said[name] for name in _NUMBERS if name in said), None)
    code = next((said[name] for name in _CODES if name in said), None)
    if number is None or isinstance(code, bool) or not isinstance(code, str | int):
        return None
    return str(number), str(code)
