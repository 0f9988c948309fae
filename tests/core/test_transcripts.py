"""A transcript reads in the order of time, and numbers that strangers need not read are masked."""

from __future__ import annotations

import pytest

from anmi.core.ports.speech import Track, Transcript, Utterance
from anmi.core.transcripts import as_spelling, is_spelling, lines_of, masked, spelled


def said(start: float, end: float, text: str, confidence: float | None = 0.876) -> Utterance:
    return Utterance(start, end, text, confidence)


def test_what_both_sides_said_stands_in_the_order_of_time() -> None:
    transcript = Transcript(
        (
            Track(0, (said(0.5, 1.0, "喂"), said(4.0, 6.5, "我下周五还三千五"))),
            Track(1, (said(1.2, 3.9, "您好，请问是王女士吗"),)),
        ),
        7.0,
        "test",
    )
    lines = lines_of(transcript)
    assert [(line.number, line.channel, line.began_ms, line.text) for line in lines] == [
        (1, 0, 500, "喂"),
        (2, 1, 1200, "您好，请问是王女士吗"),
        (3, 0, 4000, "我下周五还三千五"),
    ]
    assert lines[0].confidence == 88


def test_two_who_speak_at_once_stand_in_the_order_of_the_channels() -> None:
    lines = lines_of(Transcript((Track(1, (said(1, 2, "乙", None),)), Track(0, (said(1, 2, "甲"),))), 2, "test"))
    assert [line.text for line in lines] == ["甲", "乙"]
    assert lines[1].confidence is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的卡号是6222021234567890123", "我的卡号是622**************23"),
        ("幺三八零零零零幺二三四这个号码", "幺三八******三四这个号码"),
        ("一共三千五百块", "一共三千五百块"),
        ("二零二六年十一月", "二零二六年十一月"),
        ("欠款12345.67元", "欠款12345.67元"),
    ],
)
def test_long_numbers_are_masked_and_sums_are_not(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_a_line_is_found_by_its_sound() -> None:
    assert spelled("下周五还3500块") == " xia zhou wu huan kuai "
    assert as_spelling(" Zhou  WU ") in spelled("下周五还")
    assert spelled("12345") == ""


@pytest.mark.parametrize(("text", "expected"), [("zhou wu", True), ("周五", False), ("3500", False), ("", False)])
def test_a_search_by_sound_is_told_from_one_by_characters(text: str, *, expected: bool) -> None:
    assert is_spelling(text) is expected
