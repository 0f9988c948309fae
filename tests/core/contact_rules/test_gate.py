"""The contact gate, rule by rule, as a supervisor would check it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from anmi.core.calendar import CHINA
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import (
    Attempt,
    Caller,
    CallerKind,
    Channel,
    ContactPoint,
    DialingMode,
    Effect,
    Facts,
    Hold,
    HoldReason,
    Outcome,
    Party,
    PastContact,
    PlacementState,
    Purpose,
    Relation,
    SpecialFlag,
)
from anmi.core.contact_rules.gate import decide
from anmi.core.contact_rules.verdicts import Allowed, Reason, Refused
from anmi.core.number_state import NumberState
from tests.core.contact_rules.histories import CLEAN, COLLECTOR, DEBTOR, MOBILE, PACK, VOICEBOT

UNCLE = Party("uncle", Relation.RELATED_THIRD_PARTY)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


NOON = china("2026-11-23 12:00")
CALL = Attempt(NOON, Channel.VOICE_INTERACTIVE, Purpose.COLLECT, DEBTOR, MOBILE, COLLECTOR)
ASK_UNCLE = replace(CALL, purpose=Purpose.LOCATE, party=UNCLE, point=replace(MOBILE, point_id="uncle's"))


def past(at: str, outcome: Outcome = Outcome.EFFECTIVE, **changes: object) -> PastContact:
    contact = PastContact(
        china(at), Channel.VOICE_INTERACTIVE, DEBTOR.party_id, Relation.DEBTOR, MOBILE.point_id, outcome
    )
    return replace(contact, **changes)


def after(*history: PastContact, **changes: object) -> Facts:
    return replace(CLEAN, history=history, **changes)


def refused(attempt: Attempt, facts: Facts = CLEAN) -> Refused:
    verdict = decide(PACK, attempt, facts)
    assert isinstance(verdict, Refused)
    return verdict


def is_allowed(attempt: Attempt, facts: Facts = CLEAN) -> bool:
    return isinstance(decide(PACK, attempt, facts), Allowed)


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-11-23 07:59:59", False),
        ("2026-11-23 08:00:00", True),
        ("2026-11-23 21:59:59", True),
        ("2026-11-23 22:00:00", False),
        ("2026-11-23 00:00:00", False),
    ],
)
def test_nobody_is_called_in_the_night(at: str, allowed: bool) -> None:
    assert is_allowed(replace(CALL, at=china(at))) is allowed


def test_the_night_is_read_on_chinese_clocks() -> None:
    assert is_allowed(replace(CALL, at=datetime(2026, 11, 23, 13, 59, tzinfo=UTC)))
    verdict = refused(replace(CALL, at=datetime(2026, 11, 23, 14, 0, tzinfo=UTC)))
    assert (verdict.rule_id, verdict.until) == ("HOURS_BAN", china("2026-11-24 08:00"))


def test_a_letter_has_no_hour() -> None:
    assert is_allowed(replace(CALL, at=china("2026-11-23 23:00"), channel=Channel.LETTER))


def test_after_three_talks_a_debtor_has_peace_until_next_morning() -> None:
    talks = [past("2026-11-23 08:05"), past("2026-11-23 09:30"), past("2026-11-23 10:50")]
    assert is_allowed(CALL, after(*talks[:2]))
    verdict = refused(CALL, after(*talks))
    assert verdict.reason is Reason.EFFECTIVE_CALLS_USED_UP
    assert verdict.until == china("2026-11-24 08:00")


def test_a_voicebots_talk_for_another_creditor_on_another_number_counts_as_well() -> None:
    talks = [past(f"2026-11-23 {clock}", point_id=clock) for clock in ("08:05", "09:30", "10:50")]
    assert refused(replace(CALL, caller=VOICEBOT), after(*talks)).rule_id == "CALL_EFFECTIVE_CAP"


def test_a_call_under_way_counts_as_a_talk() -> None:
    talks = [past("2026-11-23 08:05"), past("2026-11-23 09:30"), past("2026-11-23 10:50", Outcome.RESERVED)]
    assert "CALL_EFFECTIVE_CAP" in refused(CALL, after(*talks)).rule_ids


def test_the_debtors_own_calls_are_not_counted_against_us() -> None:
    talks = [past(f"2026-11-23 {clock}", is_incoming=True) for clock in ("08:05", "09:30", "10:50", "11:59")]
    assert is_allowed(CALL, after(*talks))


def test_ten_talks_in_seven_days_are_enough_until_the_oldest_has_left_the_week() -> None:
    talks = [past(f"2026-11-{day} {clock}") for day in (18, 19, 20, 21, 22) for clock in ("09:00", "15:00")]
    verdict = refused(CALL, after(*talks))
    assert (verdict.rule_id, verdict.until) == ("CALL_EFFECTIVE_CAP_WEEK", china("2026-11-25 08:00"))


def test_a_number_is_not_dialed_a_seventh_time_on_one_day() -> None:
    tries = [past(f"2026-11-23 {hour:02}:00", Outcome.UNANSWERED) for hour in range(9, 15)]
    evening = replace(CALL, at=china("2026-11-23 18:00"))
    assert is_allowed(evening, after(*tries[:5]))
    assert refused(evening, after(*tries)).rule_id == "CALL_ATTEMPT_CAP"
    assert is_allowed(replace(evening, point=replace(MOBILE, point_id="second")), after(*tries))


def test_an_hour_passes_between_two_calls() -> None:
    verdict = refused(CALL, after(past("2026-11-23 11:15", Outcome.UNANSWERED)))
    assert (verdict.rule_id, verdict.until) == ("CALL_MIN_GAP", china("2026-11-23 12:15"))


def test_who_met_no_agent_is_called_next_by_somebody_who_waits() -> None:
    facts = after(past("2026-11-22 12:30", Outcome.ABANDONED))
    assert is_allowed(replace(CALL, mode=DialingMode.PREVIEW), facts)
    verdict = refused(replace(CALL, mode=DialingMode.PREDICTIVE), facts)
    assert (verdict.rule_id, verdict.until) == ("ABANDONED_PREVIEW", china("2026-11-25 12:30"))


@pytest.mark.parametrize(("at", "allowed"), [("2026-02-15", True), ("2026-02-16", False), ("2026-02-20", True)])
def test_the_spring_festival_is_kept(at: str, allowed: bool) -> None:
    assert is_allowed(replace(CALL, at=china(f"{at} 10:00"))) is allowed


def test_in_the_festival_a_promise_is_remembered_on_its_day() -> None:
    remind = replace(CALL, at=china("2026-02-17 10:00"), purpose=Purpose.REMIND)
    assert is_allowed(remind, replace(CLEAN, due_on=frozenset({date(2026, 2, 17)})))
    verdict = refused(remind, replace(CLEAN, due_on=frozenset({date(2026, 2, 18)})))
    assert (verdict.rule_id, verdict.until) == ("FESTIVAL_BAN", china("2026-02-18 08:00"))


def test_two_texts_a_day_and_one_letter_a_week_are_enough() -> None:
    texts = [past(f"2026-11-23 {clock}", channel=Channel.SMS) for clock in ("09:00", "10:00")]
    assert refused(replace(CALL, channel=Channel.SMS), after(*texts)).until == china("2026-11-24 08:00")
    letter = past("2026-11-20 09:00", channel=Channel.LETTER)
    assert refused(replace(CALL, channel=Channel.LETTER), after(letter)).until == china("2026-11-27 00:00")


def test_no_contact_person_is_asked_while_the_debtor_can_be_reached() -> None:
    verdict = refused(ASK_UNCLE, after(past("2026-11-20 10:00", Outcome.UNANSWERED)))
    assert (verdict.rule_id, verdict.until) == ("THIRD_GATE", None)


def test_after_three_unanswered_calls_a_contact_person_may_be_asked_from_the_next_day() -> None:
    tries = [past(f"2026-11-22 {hour:02}:00", Outcome.UNANSWERED) for hour in (9, 11, 14)]
    assert is_allowed(ASK_UNCLE, after(*tries))
    same_day = replace(ASK_UNCLE, at=china("2026-11-22 16:00"))
    assert refused(same_day, after(*tries)).until == china("2026-11-23 08:00")


def test_three_days_without_reach_open_the_way_and_one_talk_closes_it() -> None:
    tries = [past(f"2026-11-{day} 10:00", Outcome.UNANSWERED) for day in (20, 21, 22)]
    assert is_allowed(ASK_UNCLE, after(*tries))
    assert not is_allowed(ASK_UNCLE, after(*tries, past("2026-11-22 11:00")))
    assert not is_allowed(ASK_UNCLE, after(*tries, past("2026-11-22 11:00", is_incoming=True)))


def test_a_contact_person_may_be_asked_when_every_number_of_the_debtor_is_dead() -> None:
    dead = (NumberState.EMPTY, NumberState.SUSPENDED)
    assert is_allowed(ASK_UNCLE, replace(CLEAN, debtor_numbers=dead))
    assert not is_allowed(ASK_UNCLE, replace(CLEAN, debtor_numbers=(*dead, NumberState.ACTIVE)))


def test_a_dead_debtor_opens_the_way_to_ask_but_nobody_is_dunned() -> None:
    facts = replace(CLEAN, flags=(SpecialFlag("deceased", NOON),))
    assert is_allowed(ASK_UNCLE, facts)
    assert "THIRD_NO_COLLECT" in refused(replace(ASK_UNCLE, purpose=Purpose.COLLECT), facts).rule_ids
    assert refused(CALL, facts).until is None


def test_a_third_party_is_never_dunned_but_may_pay_on_his_own_offer() -> None:
    facts = replace(CLEAN, debtor_numbers=(NumberState.EMPTY,))
    assert refused(replace(ASK_UNCLE, purpose=Purpose.COLLECT), facts).rule_id == "THIRD_NO_COLLECT"
    offering = replace(UNCLE, offered_to_pay=True)
    assert is_allowed(replace(ASK_UNCLE, purpose=Purpose.COLLECT, party=offering), facts)
    stranger = replace(offering, relation=Relation.UNRELATED_THIRD_PARTY)
    assert refused(replace(ASK_UNCLE, purpose=Purpose.COLLECT, party=stranger), facts).rule_id == "THIRD_RELATED"


def test_a_contact_person_who_declined_is_left_alone_for_good() -> None:
    facts = replace(CLEAN, debtor_numbers=(NumberState.EMPTY,))
    verdict = refused(replace(ASK_UNCLE, party=replace(UNCLE, asked_to_stop=True)), facts)
    assert (verdict.rule_id, verdict.until) == ("THIRD_STOP", None)


def test_a_guarantor_owes_and_may_be_called() -> None:
    assert is_allowed(replace(CALL, party=Party("guarantor", Relation.GUARANTOR)))


@pytest.mark.parametrize(
    ("attempt", "rule_id"),
    [
        (replace(CALL, point=ContactPoint("x", None)), "CONTACT_SOURCE"),
        (replace(CALL, point=ContactPoint("x", "bought_list")), "CONTACT_SOURCE"),
        (replace(CALL, point=replace(MOBILE, state=NumberState.WRONG_PARTY)), "NUMBER_STATE"),
        (replace(CALL, point=replace(MOBILE, is_suppressed=True)), "SUPPRESSION_LIST"),
        (replace(CALL, can_record=False), "PHONE_RECORD"),
        (replace(CALL, caller=Caller(CallerKind.COLLECTOR)), "TRAINING"),
        (replace(CALL, caller=Caller(CallerKind.COLLECTOR, date(2026, 11, 22))), "TRAINING"),
        (replace(CALL, caller=replace(VOICEBOT, can_hand_over=False)), "AI_RULE"),
        (replace(CALL, caller=replace(VOICEBOT, announces_ai=False)), "AI_LABEL"),
        (replace(CALL, channel=Channel.VISIT, visitors=1), "VISIT_TWO"),
    ],
)
def test_what_time_does_not_mend_is_refused_without_a_date(attempt: Attempt, rule_id: str) -> None:
    verdict = refused(attempt)
    assert (verdict.rule_id, verdict.until) == (rule_id, None)


@pytest.mark.parametrize(
    ("facts", "rule_id"),
    [
        (replace(CLEAN, placement=PlacementState.RECALLED), "PLACEMENT"),
        (replace(CLEAN, placement=PlacementState.PAUSED), "PLACEMENT"),
        (replace(CLEAN, case_state=State.ON_HOLD), "CASE_STATE"),
        (replace(CLEAN, case_state=State.LEGAL), "CASE_STATE"),
        (replace(CLEAN, has_agreement=True), "STOP_ON_AGREEMENT"),
        (replace(CLEAN, holds=(Hold(HoldReason.CEASE_REQUEST, Effect.PAUSE, NOON + timedelta(days=1)),)), "HOLD"),
        (replace(CLEAN, flags=(SpecialFlag("suicidal", NOON),)), "SPECIAL_GROUP"),
        (replace(CLEAN, flags=(SpecialFlag("never_heard_of", NOON),)), "SPECIAL_GROUP"),
    ],
)
def test_a_case_that_is_not_to_be_worked_is_left_alone(facts: Facts, rule_id: str) -> None:
    verdict = refused(CALL, facts)
    assert (verdict.rule_id, verdict.until) == (rule_id, None)


def test_a_dispute_pauses_dunning_until_it_is_answered() -> None:
    facts = replace(CLEAN, holds=(Hold(HoldReason.DISPUTE, Effect.PAUSE, NOON - timedelta(days=1)),))
    assert refused(CALL, facts).rule_ids == ("DISPUTE_MARK",)


def test_a_kept_plan_is_only_spoken_of_on_the_day_an_instalment_falls_due() -> None:
    facts = replace(CLEAN, case_state=State.ON_PLAN, has_agreement=True, due_on=frozenset({date(2026, 11, 25)}))
    assert refused(CALL, facts).until is None
    assert refused(replace(CALL, purpose=Purpose.REMIND), facts).until == china("2026-11-25 08:00")
    on_the_day = replace(CALL, purpose=Purpose.REMIND, at=china("2026-11-25 09:00"))
    assert is_allowed(on_the_day, facts)


def test_an_old_debtor_is_called_by_people_and_a_represented_one_is_written_to() -> None:
    old = replace(CLEAN, flags=(SpecialFlag("elderly", NOON),))
    assert is_allowed(CALL, old)
    assert refused(replace(CALL, caller=VOICEBOT), old).reason is Reason.HUMANS_ONLY
    represented = replace(CLEAN, flags=(SpecialFlag("represented_by_lawyer", NOON),))
    assert refused(CALL, represented).reason is Reason.IN_WRITING_ONLY
    assert is_allowed(replace(CALL, channel=Channel.LETTER), represented)


def test_an_illness_pauses_the_case_for_its_days_and_a_supervisors_review() -> None:
    flag = SpecialFlag("severe_illness", china("2026-11-01 10:00"))
    assert refused(CALL, replace(CLEAN, flags=(flag,))).until is None
    reviewed = replace(CLEAN, flags=(replace(flag, is_reviewed=True),))
    assert refused(CALL, reviewed).until == china("2026-12-01 10:00")
    assert is_allowed(replace(CALL, at=china("2026-12-01 10:00")), reviewed)


def test_the_refusal_that_stands_longest_is_named_and_all_are_kept() -> None:
    night = replace(CALL, at=china("2026-11-23 23:00"), point=replace(MOBILE, is_suppressed=True))
    verdict = refused(night)
    assert verdict.rule_id == "SUPPRESSION_LIST"
    assert verdict.rule_ids == ("SUPPRESSION_LIST", "HOURS_BAN")


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="zone"):
        decide(PACK, replace(CALL, at=datetime(2026, 11, 23, 12)), CLEAN)  # noqa: DTZ001
