"""The rules read once more, slowly and from the texts, to catch the gate allowing what they refuse.

Nothing of the gate is used here but the words of its facts; the numbers stand where the texts have them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from anmi.core.contact_rules.facts import Attempt, Facts, PastContact, SpecialFlag

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALLS = ("voice_interactive", "voice_inform")
OWES = ("debtor", "co_debtor", "guarantor")
SOURCES = (
    "contract", "on_file", "debtor_consent", "public", "named_contact", "credit_bureau",
)  # fmt: skip
STOPS = ("deceased", "no_capacity", "identity_under_review", "suicidal", "bankruptcy", "minor")
PAUSES = {
    "severe_illness": 30,
    "disaster": 30,
    "epidemic": 30,
    "disputes_debt": 15,
    "crime_victim": 30,
    "maternity": 90,
}
PEOPLE_ONLY = ("elderly", "emotional", "disabled", "student", "soldier")
LETTERS_ONLY = ("represented_by_lawyer", "imprisoned", "in_litigation")
NEW_YEARS_EVES = ((2024, 2, 9), (2025, 1, 28), (2026, 2, 16), (2027, 2, 5))


def refusals(attempt: Attempt, facts: Facts) -> set[str]:  # noqa: PLR0912 - one sentence of the texts after the other
    """Return the ids of all rules that refuse the attempt."""
    now = attempt.at.astimezone(SHANGHAI)
    today = now.date()
    channel, party, number = attempt.channel, attempt.party, attempt.point
    by_phone = channel in CALLS
    owes = party.relation in OWES
    reminder = attempt.purpose == "remind" and owes and today in facts.due_on
    ours = [past for past in facts.history if not past.is_incoming]
    found: set[str] = set()

    def day(past: PastContact) -> int:
        return past.at.astimezone(SHANGHAI).date().toordinal()

    def within(days: int, contacts: list[PastContact]) -> int:
        return sum(1 for past in contacts if day(past) > today.toordinal() - days)

    if channel != "letter" and (now.hour >= 22 or now.hour < 8):
        found.add("HOURS_BAN")
    if by_phone or channel == "visit":
        for eve in NEW_YEARS_EVES:
            if 0 <= today.toordinal() - datetime(*eve, tzinfo=SHANGHAI).toordinal() <= 3 and not reminder:
                found.add("FESTIVAL_BAN")

    spoken = [
        p
        for p in ours
        if p.channel in CALLS and p.party_id == party.party_id and p.outcome in ("effective", "reserved")
    ]
    talked = [p for p in spoken if p.channel == "voice_interactive"]
    if channel == "voice_interactive" and owes:
        if within(1, talked) >= 3:
            found.add("CALL_EFFECTIVE_CAP")
        if within(7, talked) >= 10:
            found.add("CALL_EFFECTIVE_CAP_WEEK")
    if by_phone:
        dialed = [p for p in ours if p.channel in CALLS and p.point_id == number.point_id]
        if within(1, dialed) >= 6:
            found.add("CALL_ATTEMPT_CAP")
        same = [
            p for p in ours if p.channel in CALLS and (p.party_id == party.party_id or p.point_id == number.point_id)
        ]
        if any(now - p.at < timedelta(hours=1) for p in same):
            found.add("CALL_MIN_GAP")
        if attempt.mode in ("progressive", "predictive") and any(
            p.outcome == "abandoned" and now - p.at < timedelta(hours=72) for p in dialed
        ):
            found.add("ABANDONED_PREVIEW")
        if not owes and (within(1, spoken) >= 1 or within(7, spoken) >= 3):
            found.add("THIRD_CALL_CAP")
        if attempt.caller.kind == "voicebot" and not attempt.caller.can_hand_over:
            found.add("AI_RULE")
        if attempt.caller.kind == "voicebot" and not attempt.caller.announces_ai:
            found.add("AI_LABEL")
    if (by_phone or channel == "visit") and not attempt.can_record:
        found.add("PHONE_RECORD")
    if channel == "visit" and attempt.visitors < 2:
        found.add("VISIT_TWO")

    texts = [p for p in ours if p.channel == "sms" and p.party_id == party.party_id]
    if channel == "sms" and (within(1, texts) >= 2 or within(7, texts) >= 6):
        found.add("SMS_CAP")
    letters = [p for p in ours if p.channel == "letter" and p.party_id == party.party_id]
    if channel == "letter" and within(7, letters) >= 1:
        found.add("LETTER_CAP")

    if not owes:
        if attempt.purpose in ("collect", "remind"):
            if not party.offered_to_pay:
                found.add("THIRD_NO_COLLECT")
            if party.relation == "unrelated_third_party":
                found.add("THIRD_RELATED")
        if not third_party_may_be_asked(facts, today.toordinal(), day):
            found.add("THIRD_GATE")
    if party.asked_to_stop and party.relation != "debtor":
        found.add("THIRD_STOP")

    if number.source not in SOURCES:
        found.add("CONTACT_SOURCE")
    if channel in (*CALLS, "sms") and number.state in ("empty", "wrong_party", "changed", "invalid_format"):
        found.add("NUMBER_STATE")
    if number.is_suppressed:
        found.add("SUPPRESSION_LIST")
    if facts.placement != "active":
        found.add("PLACEMENT")
    free = ("in_collection", "promised", "retained", "on_plan")
    if facts.case_state not in free and not (facts.case_state == "legal" and channel == "letter"):
        found.add("CASE_STATE")
    if facts.has_agreement and not reminder:
        found.add("STOP_ON_AGREEMENT")
    trained = attempt.caller.training_valid_until
    if attempt.caller.kind == "collector" and (trained is None or trained < today):
        found.add("TRAINING")

    written = channel in ("sms", "letter")
    human = attempt.caller.kind == "collector"
    for hold in facts.holds:
        if hold.reason == "dispute":
            found.add("DISPUTE_MARK")
        ended = hold.until is not None and hold.until <= now
        least = {"dispute": "PAUSE", "complaint": "PAUSE", "hardship": "HUMAN_ONLY"}.get(hold.reason, "STOP")
        for effect in (hold.effect, least):
            if effect == "STOP" or (not ended and effect == "PAUSE"):
                found.add("HOLD")
            if not ended and ((effect == "HUMAN_ONLY" and not human) or (effect == "WRITTEN_ONLY" and not written)):
                found.add("HOLD")
    for flag in facts.flags:
        if not (flag.kind in ("deceased", "no_capacity") and not owes) and protects(flag, now, human, written):
            found.add("SPECIAL_GROUP")
    return found


def protects(flag: SpecialFlag, now: datetime, human: bool, written: bool) -> bool:
    """Whether the special group shuts this contact out."""
    if flag.kind in PAUSES:
        return not flag.is_reviewed or now < flag.since + timedelta(days=PAUSES[flag.kind])
    if flag.kind in PEOPLE_ONLY:
        return not human
    if flag.kind in LETTERS_ONLY:
        return not written
    return True


def third_party_may_be_asked(facts: Facts, today: int, day: Callable[[PastContact], int]) -> bool:
    """Whether the debtor is dead, without capacity or out of reach (失联)."""
    if any(flag.kind in ("deceased", "no_capacity") for flag in facts.flags):
        return True
    if any(hold.reason == "deceased" for hold in facts.holds):
        return True
    dead = ("empty", "suspended", "wrong_party", "changed", "invalid_format")
    if facts.debtor_numbers and all(state in dead for state in facts.debtor_numbers):
        return True
    tries = sorted((past for past in facts.history if past.relation == "debtor"), key=lambda past: past.at)
    misses: list[PastContact] = []
    reached_on = -1
    for past in tries:
        if past.is_incoming or (
            past.channel in (*CALLS, "visit") and past.outcome in ("effective", "answered", "abandoned")
        ):
            misses, reached_on = [], day(past)
        elif past.channel in CALLS and past.outcome == "unanswered":
            misses.append(past)
    if len(misses) >= 3 and day(misses[2]) < today:
        return True
    days = {day(past) for past in misses} - {reached_on}
    return any({third - 2, third - 1, third} <= days and third < today for third in days)
