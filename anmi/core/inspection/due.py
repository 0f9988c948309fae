"""When a positive is due: nobody is blamed for leaving out what had no occasion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.model import THEIR_SIDE, Extracted, Speaker
from anmi.core.inspection.rules import Due


def is_due(due: Due, dialogue: Dialogue, extracted: Extracted) -> bool:
    """Tell whether the course of this call asked for the positive."""
    return dialogue.is_whole and has_occasion(due, dialogue, extracted)


def has_occasion(due: Due, dialogue: Dialogue, extracted: Extracted) -> bool:
    """Tell whether the call has come to where the positive belongs, however little of it there is yet."""
    return _OCCASIONS[due](dialogue, extracted)


def _always(_dialogue: Dialogue, _extracted: Extracted) -> bool:
    return True


def _voicebot_spoke(dialogue: Dialogue, _extracted: Extracted) -> bool:
    return any(turn.speaker is Speaker.VOICEBOT for turn in dialogue.turns)


def _meant_for_debtor(dialogue: Dialogue, _extracted: Extracted) -> bool:
    return dialogue.third_party_from is None


def _third_party_answered(dialogue: Dialogue, _extracted: Extracted) -> bool:
    return dialogue.third_party_from is not None


def _debtor_reached(dialogue: Dialogue, extracted: Extracted) -> bool:
    # Who speaks of dying is not to be asked for reasons and dates.
    return extracted.right_party_confirmed and not _they_said(dialogue, "despair")


def _refused(dialogue: Dialogue, extracted: Extracted) -> bool:
    return _debtor_reached(dialogue, extracted) and extracted.result_code == "RTP"


def _unexplained(dialogue: Dialogue, extracted: Extracted) -> bool:
    open_end = extracted.result_code in {"FD", "RTP", "NEG"} and extracted.reason is None
    return _debtor_reached(dialogue, extracted) and open_end and not _promised(dialogue, extracted)


def _in_hardship(dialogue: Dialogue, extracted: Extracted) -> bool:
    signals = ("hardship", "asks_installments", "asks_reduction")
    return _debtor_reached(dialogue, extracted) and _they_said(dialogue, *signals)


def _promised(_dialogue: Dialogue, extracted: Extracted) -> bool:
    return extracted.promise_date is not None or extracted.promise_amount is not None


def _aggrieved(dialogue: Dialogue, _extracted: Extracted) -> bool:
    return _they_said(dialogue, "complaint", "dispute", "settled_already", "not_me")


def _left_open(dialogue: Dialogue, extracted: Extracted) -> bool:
    to_be_continued = extracted.result_code in {"NEG", "FD", "CB", "RTP", "REQ_INS", "REQ_RED"}
    return _debtor_reached(dialogue, extracted) and to_be_continued and not _promised(dialogue, extracted)


def _they_said(dialogue: Dialogue, *signals: str) -> bool:
    return any(dialogue.has(place, signal) for place in dialogue.places(THEIR_SIDE) for signal in signals)


_OCCASIONS: Final[dict[Due, Callable[[Dialogue, Extracted], bool]]] = {
    Due.WHOLE_CALL: _always,
    Due.VOICEBOT: _voicebot_spoke,
    Due.RIGHT_PARTY: _meant_for_debtor,
    Due.THIRD_PARTY: _third_party_answered,
    Due.REFUSAL: _refused,
    Due.NO_PROMISE: _unexplained,
    Due.HARDSHIP: _in_hardship,
    Due.PROMISE: _promised,
    Due.GRIEVANCE: _aggrieved,
    Due.OPEN_END: _left_open,
}
