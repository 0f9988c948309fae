"""When a positive is due: nobody is blamed for leaving out what had no occasion."""

from __future__ import annotations

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.model import THEIR_SIDE, Extracted, Party, Speaker
from anmi.core.inspection.rules import Due


def is_due(due: Due, dialogue: Dialogue, extracted: Extracted) -> bool:
    """Tell whether the course of this call asked for the positive."""
    if not dialogue.is_whole:
        return False
    third = dialogue.third_party_from is not None
    confirmed = extracted.right_party_confirmed and not third
    promised = extracted.promise_date is not None or extracted.promise_amount is not None
    match due:
        case Due.WHOLE_CALL:
            return True
        case Due.VOICEBOT:
            return any(turn.speaker is Speaker.VOICEBOT for turn in dialogue.turns)
        case Due.RIGHT_PARTY:
            return not third and dialogue.call.party is not Party.THIRD_PARTY
        case Due.THIRD_PARTY:
            return third
        case Due.REFUSAL:
            return confirmed and extracted.result_code == "RTP"
        case Due.NO_PROMISE:
            return confirmed and not promised and extracted.result_code in {"FD", "RTP", "NEG"}
        case Due.HARDSHIP:
            return confirmed and _they_said(dialogue, "hardship", "asks_installments", "asks_reduction")
        case Due.PROMISE:
            return confirmed and promised
        case Due.GRIEVANCE:
            return _they_said(dialogue, "complaint", "dispute", "not_me")
        case Due.OPEN_END:
            return (
                confirmed and not promised and extracted.result_code in {"NEG", "FD", "CB", "RTP", "REQ_INS", "REQ_RED"}
            )


def _they_said(dialogue: Dialogue, *signals: str) -> bool:
    return any(dialogue.has(place, signal) for place in dialogue.places(THEIR_SIDE) for signal in signals)
