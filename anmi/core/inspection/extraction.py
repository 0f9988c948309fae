"""The half-written note: who was reached, what was agreed, how the call ended, and the sentence behind each."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.facts import SHANGHAI
from anmi.core.inspection.match import Hit
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Extracted, Party, Source
from anmi.core.inspection.promise import Promise, read_promise
from anmi.core.spoken_numbers import read_amounts
from anmi.core.spoken_times import SpokenMoment, read_moments

# Signals of a debtor, gravest first, and the result they lead to when no promise was made.
_RIGHT_PARTY_RESULTS: Final = (
    ("complaint", "CMP"), ("lawyer", "LAW"), ("not_me", "DIS"), ("dispute", "DIS"),
    ("paid_already", "CP"), ("settled_already", "CP"),
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
_PAYING: Final = re.compile(r"还(?!是|要|得|会)|转账|存|凑")
_DENIED: Final = re.compile(r"(?:没有?|不是|又不|并未|从未)$")
_NOT_THEN: Final = re.compile(
    r"不行|不方便|没空|没时间|别(?:再)?(?:打|联系|找)|不要(?:再)?(?:打|联系|找)|不用(?:再)?(?:打|联系)"
)
_LONGEST_CALL_SECONDS: Final = 86_400
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
    reason = _reason(dialogue, sources)
    moment = _next_contact(dialogue, sources)
    return Extracted(
        promise.day,
        promise.amount,
        confirmed,
        result,
        complaint is not None,
        reason,
        moment.on if moment else None,
        moment.at if moment else None,
        promise.doubtful,
        tuple(sources.items()),
    )


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
        return _by_signal(dialogue, (*_THIRD_PARTY_RESULTS, ("third_party_speaks", "TPC")), sources) or "TPC"
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
    if promise.amount is None and least is not None:
        said = [nearly for place in dialogue.places(THEIR_SIDE) for nearly in read_amounts(dialogue.heard[place].text)]
        if any(nearly.about < least for nearly in said if nearly.money is None):
            return True
    if promise.amount is None or least is None:
        return any(dialogue.has(place, "pays_in_part") for place in dialogue.places(THEIR_SIDE))
    return promise.amount < least


def _by_signal(dialogue: Dialogue, results: tuple[tuple[str, str], ...], sources: dict[str, Source]) -> str | None:
    return next((code for signal, code in results if _note(dialogue, signal, "result_code", sources)), None)


def _reason(dialogue: Dialogue, sources: dict[str, Source]) -> str | None:
    for signal, word in _REASONS:
        for place in dialogue.places(THEIR_SIDE):
            hit = dialogue.heard[place].hits.get(signal)
            if hit is not None and not _DENIED.search(dialogue.heard[place].text[: hit.start]):
                sources["reason"] = Source(place, dialogue.heard[place].evidence(signal))
                return word
    return None


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


def _next_contact(dialogue: Dialogue, sources: dict[str, Source]) -> SpokenMoment | None:
    """Return when the two will speak again: the last word on it counts, and the debtor's "no" takes ours back."""
    if dialogue.call.started_at is None:
        return None
    began = dialogue.call.started_at.astimezone(SHANGHAI)
    agreed: SpokenMoment | None = None
    proposed = False
    for place, turn in enumerate(dialogue.turns):
        heard = dialogue.heard[place]
        cue = heard.hits.get("P11" if turn.speaker in OUR_SIDE else "asks_callback")
        answers = proposed and turn.speaker in THEIR_SIDE and not _PAYING.search(heard.text)
        proposed = cue is not None and turn.speaker in OUR_SIDE
        if cue is None and not answers:
            continue
        said_at = began + timedelta(seconds=min(turn.start or 0, _LONGEST_CALL_SECONDS))
        moment = _moment(heard.text, said_at, cue)
        if answers and moment is None and _NOT_THEN.search(heard.text):
            agreed = None
        if moment is not None:
            agreed = moment
            sources["next_contact_on"] = Source(place, heard.sentence(moment.start, moment.end))
    if agreed is None:
        sources.pop("next_contact_on", None)
    return agreed


def _moment(text: str, now: datetime, cue: Hit | None) -> SpokenMoment | None:
    """Return the moment a text names nearest to the words that speak of calling again."""
    nearest = cue.end if cue else 0
    return min(read_moments(text, now), key=lambda moment: abs(moment.end - nearest), default=None)
