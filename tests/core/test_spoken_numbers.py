"""Sums are heard as people say them, and nothing is made of what only sounds like a sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import Money
from anmi.core.spoken_numbers import read_amounts, read_number


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("三千五", "3500"),
        ("三千五百块钱", "3500"),
        ("三千零五十", "3050"),
        ("两万块", "20000"),
        ("一万二", "12000"),
        ("一万零五百", "10500"),
        ("三万五千", "35000"),
        ("1万2", "12000"),
        ("1万2千", "12000"),
        ("1.5万", "15000"),
        ("一点五万", "15000"),
        ("3500元", "3500"),
        ("3,200.50元", "3200.50"),
        ("两百五", "250"),
        ("一百零五块", "105"),
        ("八百", "800"),
        ("五块", "5"),
        ("三块五", "3.50"),
        ("一千二百三十四块五毛", "1234.50"),
        ("一千二百三十四元五角六分", "1234.56"),
        ("先还5000吧", "5000"),
        ("3k", "3000"),
    ],
)
def test_a_sum_is_read_as_it_is_said(said: str, yuan: str) -> None:
    assert [amount.money for amount in read_amounts(said)] == [Money.of(yuan)]


@pytest.mark.parametrize("said", ["千把块", "三千多", "三五千", "两三千块", "三千左右", "几千块", "大概三千"])
def test_a_vague_sum_has_no_figure(said: str) -> None:
    assert [amount.money for amount in read_amounts(said)] == [None]


@pytest.mark.parametrize(
    "said",
    [
        "十五号",
        "五点",
        "二十",
        "一百天",
        "工号3021",
        "13800138000",
        "百分之二十",
        "三天",
        "两个月",
        "等一下",
        "九五折",
        "",
    ],
)
def test_what_counts_something_else_is_no_sum(said: str) -> None:
    assert read_amounts(said) == []


def test_every_sum_of_a_sentence_is_found_where_it_stands() -> None:
    said = "先还三千，剩下的五千月底还"
    assert [said[amount.start : amount.end] for amount in read_amounts(said)] == ["三千", "五千"]


@pytest.mark.parametrize("said", ["三千下周五还", "三千周五还", "三千年底还", "三千星期一给你"])
def test_a_day_after_a_sum_does_not_hide_it(said: str) -> None:
    assert [amount.money for amount in read_amounts(said)] == [Money.of("3000")]


@given(st.integers(min_value=1, max_value=99_999_999))
def test_a_numeral_written_out_is_read_back(number: int) -> None:
    assert read_number(_written(number)) == number


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿点0123456789块元毛分多来把几kw,.，", max_size=20))
def test_no_jumble_of_numerals_breaks_the_reader(text: str) -> None:
    for amount in read_amounts(text):
        assert 0 <= amount.start < amount.end <= len(text)
        assert amount.money is None or amount.money.fen > 0


def _written(number: int) -> str:
    """Write a number the long way, as 一千零五十."""
    if number >= 10_000:
        rest = number % 10_000
        tail = ("零" if rest < 1000 else "") + _written(rest) if rest else ""
        return _written(number // 10_000) + "万" + tail
    digits, text, gap = str(number), "", False
    for place, digit in enumerate(digits):
        scale = ("", "十", "百", "千")[len(digits) - 1 - place]
        if digit == "0":
            gap = True
            continue
        text += ("零" if gap else "") + "零一二三四五六七八九"[int(digit)] + scale
        gap = False
    return text
