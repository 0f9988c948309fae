from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.adapters.speech.accuracy import Accuracy, compared, edits, folded

TEXT = st.text("我们还款三千五百块钱逾期投诉abc123，。", max_size=20)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("三千五百块", "3500块。"),
        ("三十五天", "35天"),
        ("一万二千", "12000"),
        ("十号", "10号"),
        ("一三八零零", "13800"),
        ("幺零零八六", "10086"),
        ("两亿三千万", "230000000"),
        ("３５％", "35"),
        ("您好,請問", "您好，请问"),
        ("ABC 银行", "abc银行"),
    ],
)
def test_two_ways_of_writing_the_same_count_as_the_same(written: str, same: str) -> None:
    assert folded(written) == folded(same)


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("还款", "还款", 0),
        ("还款", "海款", 1),
        ("还款", "", 2),
        ("", "还款", 2),
        ("安排还款", "安排一下还款", 2),
        ("月底还", "月底", 1),
    ],
)
def test_every_wrong_missing_and_added_character_is_an_error(said: str, heard: str, errors: int) -> None:
    assert compared(said, heard).errors == errors


@given(TEXT, TEXT)
def test_errors_are_no_more_than_all_characters_and_the_same_both_ways(one: str, other: str) -> None:
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert edits(one, other) == edits(other, one)
    assert edits(one, one) == 0


def test_keywords_are_counted_as_written_and_by_sound() -> None:
    found = compared(
        "已经逾期，请还款，不然我们会起诉，逾期了",
        "已经预期，请还款，我们会起诉，逾期了",
        ["逾期", "还款", "起诉", "投诉"],
    )
    assert (found.keywords, found.keywords_heard, found.keywords_heard_by_sound) == (4, 3, 4)
    assert found.keyword_recall == pytest.approx(0.75)
    assert compared("你好", "我要投诉", ["投诉"]).keywords_invented == 1


def test_without_words_there_is_no_rate() -> None:
    assert Accuracy().character_error_rate == 0
    assert Accuracy().keyword_recall is None


def test_accuracies_of_many_recordings_add_up() -> None:
    both = compared("还款", "海款") + compared("逾期三天", "逾期3天")
    assert (both.characters, both.errors) == (6, 1)
    assert both.character_error_rate == pytest.approx(1 / 6)
