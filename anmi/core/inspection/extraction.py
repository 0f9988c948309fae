"""The half-written note: who was reached, what was agreed, how the call ended, and the sentence behind each."""

from __future__ import annotations

from datetime import date
from typing import Final

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.facts import SHANGHAI
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Extracted, Party, Source, Speaker
from anmi.core.inspection.promise import Promise, read_promise
from anmi.core.spoken_dates import read_dates

# Signals of a debtor, gravest first, and the result they lead to when no promise was made.
_RIGHT_PARTY_RESULTS: Final = (
    ("complaint", "CMP"), ("lawyer", "LAW"), ("not_me", "DIS"), ("dispute", "DIS"), ("paid_already", "CP"),
    ("asks_installments", "REQ_INS"), ("asks_reduction", "REQ_RED"), ("refusal", "RTP"), ("illness", "FD"),
    ("hardship", "FD"), ("asks_callback", "CB"), ("considering", "NEG"),
)  # fmt: skip
_THIRD_PARTY_RESULTS: Final = (
    ("death", "DEC"), ("jailed", "JAIL"), ("illness_of_debtor", "ILL"), ("third_stop", "TPR"), ("wrong_number", "WN"),
    ("will_tell", "LM"), ("asks_callback", "CB"),
)  # fmt: skip
_REASONS: Final = (
    ("illness", "患病"), ("bereavement", "家人去世"), ("unemployed", "失业"), ("unpaid_wages", "工资未发"),
    ("business_loss", "经营亏损"), ("not_me", "称非本人借款"), ("dispute", "对债务有异议"), ("forgot", "忘记还款"),
    ("hardship", "资金困难"),
)  # fmt: skip
_COMPLAINTS: Final = ("complaint", "lawyer", "anti_collection")


def extract(dialogue: Dialogue) -> Extracted:
    """Return what can be noted down; an empty value where the conversation says nothing."""
    third = dialogue.third_party_from is not None
    promise = Promise() if third else read_promise(dialogue)
    sources = dict(promise.sources)
    confirmed = _right_party(dialogue, promise, sources)
    result = _result(dialogue, promise, third=third, sources=sources)
    complaint = _first(dialogue, _COMPLAINTS)
    if complaint:
        sources["complaint_tendency"] = complaint[1]
    reason = next((word for signal, word in _REASONS if _note(dialogue, signal, "reason", sources)), None)
    return Extracted(
        promise.day, promise.amount, confirmed, result, complaint is not None, reason,
        _next_contact(dialogue, sources), tuple(sources.items()),
    )  # fmt: skip


def _right_party(dialogue: Dialogue, promise: Promise, sources: dict[str, Source]) -> bool:
    if dialogue.third_party_from is not None or dialogue.call.party is Party.THIRD_PARTY:
        return False
    verified = dialogue.verified_from
    if verified is not None:
        sources["right_party_confirmed"] = Source(verified, dialogue.turns[verified].text)
        return True
    # Whom the record knows as the right party and who speaks of the debt as their own is the debtor.
    owned = _first(dialogue, ("owns_debt",))
    if dialogue.call.party is Party.RIGHT_PARTY and (owned or promise):
        sources["right_party_confirmed"] = owned[1] if owned else next(source for _, source in promise.sources)
        return True
    return False


def _result(dialogue: Dialogue, promise: Promise, *, third: bool, sources: dict[str, Source]) -> str | None:
    if third:
        return _by_signal(dialogue, _THIRD_PARTY_RESULTS, sources) or "TPC"
    if promise.day is not None:
        _note_promise(sources)
        return "PPTP" if _is_partial(dialogue, promise) else "PTP"
    if not dialogue.places(THEIR_SIDE):
        return None
    if early := _by_signal(dialogue, (("voicemail", "VM"), ("wrong_number", "WN")), sources):
        return early
    if found := _by_signal(dialogue, _RIGHT_PARTY_RESULTS, sources):
        return found
    return "NEG" if promise or dialogue.verified_from is not None else None


def _note_promise(sources: dict[str, Source]) -> None:
    if source := sources.get("promise_date"):
        sources["result_code"] = source


def _is_partial(dialogue: Dialogue, promise: Promise) -> bool:
    facts = dialogue.call.facts
    least = facts.due_now or facts.owing
    if promise.amount is None or least is None:
        return any(dialogue.has(place, "pays_in_part") for place in dialogue.places(THEIR_SIDE))
    return promise.amount < least


def _by_signal(dialogue: Dialogue, results: tuple[tuple[str, str], ...], sources: dict[str, Source]) -> str | None:
    return next((code for signal, code in results if _note(dialogue, signal, "result_code", sources)), None)


def _note(dialogue: Dialogue, signal: str, field: str, sources: dict[str, Source]) -> bool:
    found = _first(dialogue, (signal,))
    if found:
        sources[field] = found[1]
    return found is not None


def _first(dialogue: Dialogue, signals: tuple[str, ...]) -> tuple[str, Source] | None:
    for place in dialogue.places(THEIR_SIDE):
        for signal in signals:
            if dialogue.has(place, signal):
                return signal, Source(place, dialogue.heard[place].evidence(signal))
    return None


def _next_contact(dialogue: Dialogue, sources: dict[str, Source]) -> date | None:
    """Return the day named in the last sentence that speaks of calling again."""
    if dialogue.call.started_at is None:
        return None
    today = dialogue.call.started_at.astimezone(SHANGHAI).date()
    for place in reversed(range(len(dialogue.turns))):
        cue = "P11" if dialogue.turns[place].speaker in OUR_SIDE else "asks_callback"
        if dialogue.turns[place].speaker is Speaker.UNKNOWN or not dialogue.has(place, cue):
            continue
        if dates := read_dates(dialogue.heard[place].text, today):
            sources["next_contact_on"] = Source(place, dialogue.heard[place].sentence(dates[0].start, dates[0].end))
            return dates[0].day
    return None
