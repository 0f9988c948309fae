"""The half-written note (半成小结): what a call leaves to be written down, each thing with its sentence and its time.

Nothing is written by it: a person confirms. Where the conversation says two things, the place stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final, Generic, TypeVar

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.extraction import extract
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Extracted, Source
from anmi.core.inspection.promise import AMOUNT, DAY
from anmi.core.money import Money

Value = TypeVar("Value")


class HeardFrom(StrEnum):
    """What a draft was read from."""

    LIVE = "live"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class Noted(Generic[Value]):
    """A value, the sentence it came from, when it was said in seconds from the beginning, and by whom."""

    value: Value
    sentence: str
    at: float | None
    is_ours: bool


@dataclass(frozen=True, slots=True)
class NextContact:
    """When the two will speak again; the hour is China's, where one was said."""

    on: date
    at: time | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-written note; None where nothing was said, or nothing that can be relied on."""

    result: Noted[str] | None = None
    promise_on: Noted[date] | None = None
    promise_amount: Noted[Money] | None = None
    next_contact: Noted[NextContact] | None = None
    reason: Noted[str] | None = None


PROMISED: Final = frozenset({"PTP", "PPTP"})
# Whoever says one of these after a promise has left it open whether the promise stands.
_UNSAYS: Final = ("refusal", "not_me", "dispute", "wrong_number")
# Somebody who does not owe has no reason for not paying.
_NOT_OWING: Final = ("not_me", "wrong_number")


def draft_of(dialogue: Dialogue) -> Draft:
    """Read the half-written note out of a conversation, finished or not."""
    found = extract(dialogue)
    sources = dict(found.sources)
    is_kept = not _is_unsaid(dialogue, sources)
    day = _noted(dialogue, found.promise_date, sources.get(DAY)) if is_kept and DAY not in found.doubtful else None
    amount = (
        _noted(dialogue, found.promise_amount, sources.get(AMOUNT))
        if is_kept and AMOUNT not in found.doubtful
        else None
    )
    is_result_sure = found.result_code not in PROMISED or day is not None
    return Draft(
        _noted(dialogue, found.result_code, sources.get("result_code")) if is_result_sure else None,
        day,
        amount,
        _noted(dialogue, _next_contact(found), sources.get("next_contact_on")),
        _noted(dialogue, found.reason, sources.get("reason")) if _has_one_reason(dialogue, found) else None,
    )


def _noted(dialogue: Dialogue, value: Value | None, source: Source | None) -> Noted[Value] | None:
    """Return a value with its evidence; what has none is left to the person."""
    if value is None or source is None:
        return None
    turn = dialogue.turns[source.turn]
    return Noted(value, source.text, turn.start, turn.speaker in OUR_SIDE)


def _is_unsaid(dialogue: Dialogue, sources: dict[str, Source]) -> bool:
    """Tell whether the debtor has taken back, after promising, what the promise stands on."""
    said_at = max((sources[name].turn for name in (DAY, AMOUNT) if name in sources), default=None)
    if said_at is None:
        return False
    later = [place for place in dialogue.places(THEIR_SIDE) if place > said_at]
    return any(dialogue.has(place, cue) for place in later for cue in _UNSAYS)


def _has_one_reason(dialogue: Dialogue, found: Extracted) -> bool:
    disowns = any(dialogue.has(place, cue) for place in dialogue.places(THEIR_SIDE) for cue in _NOT_OWING)
    return found.reason == "称非本人借款" or not disowns


def _next_contact(found: Extracted) -> NextContact | None:
    return NextContact(found.next_contact_on, found.next_contact_time) if found.next_contact_on else None
