"""Written and recognised text come to one form without losing their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.inspection.hearing import Hearing, is_misheard
from anmi.core.inspection.text import folded, plain, quote, toneless


@pytest.mark.parametrize(
    ("original", "form"),
    [
        ("您 的 錢", "你的钱"),
        ("妳,他媽", "你，他妈"),
        ("３.５萬", "3.5万"),
        ("好.再见", "好。再见"),
        ("“抓\u200b你”", "抓你"),
        ("ＡＰＰ", "app"),
    ],
)
def test_every_spelling_comes_to_one_form(original: str, form: str) -> None:
    assert plain(original) == form


@given(st.text(max_size=60))
def test_no_text_breaks_the_plain_form_and_every_place_leads_back(original: str) -> None:
    form = plain(original)
    form.encode()
    assert plain(form) == form
    assert len(folded(form)) == len(toneless(form)) == len(form)
    assert all(quote(original, place, place + 1) in original for place in range(len(form)))


@given(st.text(alphabet="抓你派出所z0，。！ \n😀", max_size=30))
def test_every_sound_takes_three_bytes(text: str) -> None:
    form = plain(text)
    assert len(folded(form).encode()) == 3 * len(form)


@pytest.mark.parametrize(
    ("right", "heard"), [("派出所", "派初所"), ("公安局", "公安居"), ("私人账户", "私人仗户"), ("高利贷", "高利代")]
)
def test_a_homophone_is_heard_as_the_word_it_sounds_like(right: str, heard: str) -> None:
    assert Hearing([right], []).restore([f"这是{heard}的"]) == {0: f"这是{right}的"}


def test_a_long_phrase_may_have_one_wrong_syllable_of_a_near_sound() -> None:
    assert is_misheard("移交公安机关", "移交公安机官")
    assert not is_misheard("列入黑名单", "列入白名单")
    assert not is_misheard("去你单位闹", "去我单位闹")


@pytest.mark.parametrize("text", ["民事案件", "领导很重视你的投诉", "不要转给个人", "我已经帮你登记了"])
def test_what_makes_sense_is_left_as_it_is(text: str) -> None:
    hearing = Hearing(["刑事案件", "轰死你的", "不要装给", "已经判你"], ["征信", "逾期"])
    assert hearing.restore([text]) == {}
