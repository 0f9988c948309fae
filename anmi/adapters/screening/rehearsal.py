"""The rehearsal's vendor: every number has one state for good, by its last two digits, in the usual shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer

# Of a hundred numbers of consumer debtors, as agencies find them.
_SHARES: Final = (
    (NumberState.ACTIVE, 62),
    (NumberState.EMPTY, 11),
    (NumberState.SUSPENDED, 9),
    (NumberState.POWERED_OFF, 7),
    (NumberState.SILENT, 5),
    (NumberState.RISK, 3),
    (NumberState.UNKNOWN, 3),
)
_UP_TO: Final = tuple(zip(accumulate(share for _, share in _SHARES), (state for state, _ in _SHARES), strict=True))


class RehearsalScreening:
    """Answers at once, and the same whenever it is asked."""

    vendor = "rehearsal"

    async def screen(self, numbers: Sequence[PhoneNumber]) -> Mapping[PhoneNumber, NumberAnswer]:
        """Return an answer for every number."""
        return {number: NumberAnswer(_state(number)) for number in numbers}


def _state(number: PhoneNumber) -> NumberState:
    place = int(number.digits[-2:])
    return next(state for end, state in _UP_TO if place < end)
