"""Why a leg ended: the wire's answers read into our own words, the most trustworthy first.

Carriers differ: what one says with a code, another says with a recorded voice and a code that means nothing. So a
trunk may bring a table of its own, and 停机 (suspended) is known from such a table or from the voice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from anmi.core.call_legs import GENERAL, Ending, Evidence, Source

# ITU-T Q.850. 16, 31 and 127 say that something ended, not why.
Q850: Final[Mapping[int, Ending]] = {
    1: Ending.EMPTY_NUMBER,
    3: Ending.UNREACHABLE,
    17: Ending.BUSY,
    18: Ending.NO_ANSWER,
    19: Ending.NO_ANSWER,
    20: Ending.POWERED_OFF,
    21: Ending.REJECTED,
    22: Ending.CHANGED,
    27: Ending.UNREACHABLE,
    28: Ending.INCOMPLETE_NUMBER,
    34: Ending.CONGESTED,
    38: Ending.CONGESTED,
    41: Ending.CONGESTED,
    42: Ending.CONGESTED,
    44: Ending.CONGESTED,
    47: Ending.CONGESTED,
    50: Ending.BARRED,
    52: Ending.BARRED,
    55: Ending.BARRED,
    57: Ending.BARRED,
    63: Ending.BARRED,
}
# RFC 3261.
SIP: Final[Mapping[int, Ending]] = {
    401: Ending.BARRED,
    403: Ending.BARRED,
    404: Ending.EMPTY_NUMBER,
    407: Ending.BARRED,
    408: Ending.UNREACHABLE,
    410: Ending.CHANGED,
    480: Ending.UNREACHABLE,
    484: Ending.INCOMPLETE_NUMBER,
    486: Ending.BUSY,
    487: Ending.UNREACHABLE,
    600: Ending.BUSY,
    603: Ending.REJECTED,
    604: Ending.EMPTY_NUMBER,
    607: Ending.REJECTED,
}
# A phone that rang was there: it was only not picked up.
_RANG: Final = frozenset({408, 480, 487})
RTP_TIMEOUT: Final = 44


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a leg that has ended."""

    cause: int
    """Asterisk's own word (Q.850, but not the carrier's)."""
    sip: int | None = None
    q850: int | None = None
    announcement: str | None = None
    """Name of the announcement that was recognised before the end."""
    announced: Ending | None = None
    """What that announcement says."""
    was_answered: bool = False
    has_rung: bool = False
    is_released: bool = False
    """We were asked to end it."""
    is_timed_out: bool = False
    """We stopped ringing."""
    reasons: Mapping[str, Ending] = field(default_factory=dict[str, Ending])
    """What this trunk means where it differs, by `q850:31` or `sip:403`."""


def ending_of(signs: Signs) -> tuple[Ending, Evidence]:
    """Say why a leg ended, and what that was read from."""
    ending, source = _read(signs)
    return ending, Evidence(source, signs.q850, signs.sip, signs.cause, signs.announcement)


def _read(signs: Signs) -> tuple[Ending, Source]:
    if signs.is_released:
        return Ending.RELEASED, Source.OURSELVES
    if signs.was_answered:
        return (Ending.MEDIA_LOST if signs.cause == RTP_TIMEOUT else Ending.HUNG_UP), Source.CAUSE
    if signs.is_timed_out:
        # Our own withdrawal is answered with 487, and Asterisk calls it 480: neither is the carrier's word.
        return Ending.TIMED_OUT, Source.OURSELVES
    return _from_carrier(signs) or (Q850.get(signs.cause, Ending.FAILED), Source.CAUSE)


def _from_carrier(signs: Signs) -> tuple[Ending, Source] | None:
    said = _by("q850", signs.q850, signs.reasons, Q850) if signs.q850 is not None else None
    is_general = signs.q850 in GENERAL and f"q850:{signs.q850}" not in signs.reasons
    if signs.announced and (said is None or is_general):
        return signs.announced, Source.ANNOUNCEMENT
    if said:
        return said, Source.Q850
    if signs.sip is not None and (ending := _by_sip(signs.sip, signs)):
        return ending, Source.SIP
    return None


def _by_sip(status: int, signs: Signs) -> Ending | None:
    if f"sip:{status}" not in signs.reasons and signs.has_rung and status in _RANG:
        return Ending.NO_ANSWER
    if ending := _by("sip", status, signs.reasons, SIP):
        return ending
    return Ending.CONGESTED if 500 <= status < 600 else None


def _by(kind: str, code: int, reasons: Mapping[str, Ending], table: Mapping[int, Ending]) -> Ending | None:
    return reasons.get(f"{kind}:{code}") or table.get(code)
