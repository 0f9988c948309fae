"""Invented debtors: the same number is the same person, and a talk always comes to its end."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.rehearsal import (
    ANNOUNCEMENTS,
    BY_CODE,
    CAUSES,
    GREETING,
    NUDGE,
    PERSONAS,
    Answer,
    Cast,
    Ear,
    Leave,
    Say,
    Talk,
    Wait,
)

PROMISES = BY_CODE["promises"]
numbers = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(numbers, st.integers())
def test_a_number_is_answered_by_the_same_persona_in_every_repetition(number: str, seed: int) -> None:
    assert Cast(seed).under(number) is Cast(seed).under(number)


def test_every_persona_is_met_about_as_often_as_its_share_says() -> None:
    met = Counter(Cast(7).under(f"138{index:08d}").code for index in range(20_000))
    for persona in PERSONAS:
        assert met[persona.code] == pytest.approx(persona.share * 20, rel=0.25, abs=20), persona.code


def test_a_number_that_was_given_a_persona_keeps_it() -> None:
    assert Cast(chosen={"13800000001": "ill"}).under("13800000001").code == "ill"


def test_only_the_personas_that_were_named_take_part() -> None:
    cast = Cast().with_shares({"promises": 3, "busy": 1})
    assert {cast.under(f"138{index:08d}").code for index in range(500)} == {"promises", "busy"}


@pytest.mark.parametrize("shares", [{"nobody_we_know": 1}, {"promises": 0}, {}])
def test_a_cast_of_nobody_is_refused(shares: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"persona|somebody"):
        Cast().with_shares(shares)


def test_whoever_does_not_pick_up_is_cleared_with_a_cause() -> None:
    assert {answer for answer in Answer if answer not in CAUSES} == {Answer.PERSON, Answer.MACHINE}
    assert ANNOUNCEMENTS.keys() <= CAUSES.keys()


def test_a_debtor_promises_when_she_is_asked_and_then_takes_leave() -> None:
    talk, deeds = Talk(PROMISES).hear(Ear.PICKED_UP)
    said: list[str] = []
    while True:
        assert isinstance(deeds[0], Say)
        said.append(deeds[0].line)
        talk, deeds = talk.hear(Ear.LINE_ENDED)
        if isinstance(deeds[0], Leave):
            break
        assert isinstance(deeds[0], Wait)
        talk, _ = talk.hear(Ear.OTHER_BEGAN)
        talk, deeds = talk.hear(Ear.OTHER_ENDED)
    assert said == list(PROMISES.lines)
    assert said[0] == GREETING


def test_whoever_hears_nothing_asks_once_and_then_hangs_up() -> None:
    talk, _ = Talk(PROMISES).hear(Ear.PICKED_UP)
    talk, _ = talk.hear(Ear.LINE_ENDED)
    talk, deeds = talk.hear(Ear.PATIENCE_ENDED)
    assert deeds == (Say(NUDGE),)
    talk, _ = talk.hear(Ear.LINE_ENDED)
    assert talk.hear(Ear.PATIENCE_ENDED)[1] == (Leave(),)


def test_nobody_answers_while_the_other_still_speaks() -> None:
    talk, _ = Talk(PROMISES).hear(Ear.PICKED_UP)
    talk, _ = talk.hear(Ear.OTHER_BEGAN)
    assert talk.hear(Ear.LINE_ENDED)[1] == (Wait(PROMISES.patience_seconds),)


def test_what_was_said_into_ones_own_sentence_is_answered_after_it() -> None:
    talk, _ = Talk(PROMISES).hear(Ear.PICKED_UP)
    talk, _ = talk.hear(Ear.OTHER_BEGAN)
    talk, nothing = talk.hear(Ear.OTHER_ENDED)
    assert nothing == ()
    assert talk.hear(Ear.LINE_ENDED)[1] == (Say(PROMISES.lines[1]),)


def test_an_answering_machine_says_its_text_and_is_done() -> None:
    talk, deeds = Talk(BY_CODE["answering_machine"]).hear(Ear.PICKED_UP)
    assert deeds == (Say("voicemail"),)
    assert talk.hear(Ear.LINE_ENDED)[1] == (Leave(),)


@given(st.sampled_from(PERSONAS), st.lists(st.sampled_from(Ear), max_size=60))
def test_nobody_speaks_two_lines_at_once_or_more_than_she_has(persona: object, ears: list[Ear]) -> None:
    assert isinstance(persona, type(PROMISES))
    talk = Talk(persona)
    for ear in ears:
        before = talk
        talk, deeds = talk.hear(ear)
        assert len(deeds) <= 1
        if any(isinstance(deed, Say) for deed in deeds) and ear is not Ear.PICKED_UP:
            assert not before.is_speaking or ear is Ear.LINE_ENDED
        assert talk.said <= len(persona.lines)
