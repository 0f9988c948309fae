"""What we ask of a vendor who screens numbers (号码检测): which state each of them is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """A vendor's word on one number, in ours, with the code it came as."""

    state: NumberState
    raw_code: str | None = None
    is_right_party: bool | None = None
    """Whether it is the debtor's own, where the vendor knows."""


class NumberScreening(Protocol):
    """Screens numbers."""

    @property
    def vendor(self) -> str:
        """Who answers; kept with every answer."""
        ...

    async def screen(self, numbers: Sequence[PhoneNumber]) -> Mapping[PhoneNumber, NumberAnswer]:
        """Return an answer for every number; raise Unavailable when the vendor does not answer."""
        ...
