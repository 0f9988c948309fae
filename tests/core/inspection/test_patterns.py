"""The language of the rules says what it means and refuses what it cannot read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.inspection.patterns import BadPattern, pattern, words_of

CONCEPTS = {"harm": ("打断", "堵"), "home": ("你家", "家门口")}


@pytest.mark.parametrize(
    ("source", "matches", "passes"),
    [
        ("{harm}…{home}", "堵在你家", "你家在哪"),
        ("{harm}…{home}", "打断一下，家门口", "堵。你家"),
        ("{harm}……{home}", "堵住以后我再慢慢地去你家", "堵住"),
        ("(弄|打)死你(?!们?单)", "弄死你", "打死你们单位"),
        ("^滚(，|$)", "滚", "打滚"),
        ("不要?脸", "不脸", "要脸"),
        ("[一二三]{1,2}年", "判二三年", "判年"),
        ("甲|乙丙", "乙丙", "丙"),
    ],
)
def test_a_pattern_matches_what_it_says(source: str, matches: str, passes: str) -> None:
    read = pattern(source, CONCEPTS)
    assert read.regex.search(matches)
    assert not read.regex.search(passes)


@pytest.mark.parametrize("source", ["{nobody}", "(甲", "甲)", "[一二]", "…", "", "{甲}", "(甲)?"])
def test_what_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises(BadPattern):
        pattern(source, CONCEPTS)


def test_a_concept_is_a_finite_list_of_words() -> None:
    assert words_of("打(死|断)?你", {}) == ("打你", "打死你", "打断你")
    with pytest.raises(BadPattern):
        words_of("打…你", {})


@given(
    st.lists(
        st.sampled_from(["{harm}", "{home}", "…", "……", "(去|来(了|到)?)", "你", "们?", "[一二]", "(?!你)", "不|别"]),
        min_size=1,
    )
)
def test_a_text_that_matches_holds_a_word_of_every_need(parts: list[str]) -> None:
    source = "".join(parts)
    try:
        read = pattern(source, CONCEPTS)
    except BadPattern:
        return
    texts = ("你家堵你去家门口", "来了打断你们一二你家", "不别你去来到堵堵你家", "")
    for text in texts:
        if read.regex.search(text):
            assert all(any(word in text for word in need) for need in read.needs)
