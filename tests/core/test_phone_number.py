"""Telephone numbers in the writings people use. All of them are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.phone_number import PhoneNumber, read_numbers


@pytest.mark.parametrize(
    ("text", "digits", "extension"),
    [
        ("13800138000", "13800138000", ""),
        ("+8613800138000", "13800138000", ""),
        ("+86 138 0013 8000", "13800138000", ""),
        ("0086-138-0013-8000", "13800138000", ""),
        ("86-13800138000", "13800138000", ""),
        ("8613800138000", "13800138000", ""),
        ("(+86)13800138000", "13800138000", ""),
        ("013800138000", "13800138000", ""),
        ("138.0013.8000", "13800138000", ""),
        ("手机：13800138000", "13800138000", ""),
        ("13800138000（本人）", "13800138000", ""),
        ("Tel: 13800138000", "13800138000", ""),
        ("13800138000转123", "13800138000", "123"),
        ("13800138000-123", "13800138000", "123"),
        ("010-62345678", "01062345678", ""),
        ("(010) 6234-5678", "01062345678", ""),
        ("010-62345678-802", "01062345678", "802"),
        ("010-62345678 ext. 802", "01062345678", "802"),
        ("0755-26001234转8", "075526001234", "8"),
        ("0755 2600 1234", "075526001234", ""),
        ("+86 755 26001234", "075526001234", ""),
        ("0317-7234567", "03177234567", ""),
    ],
)
def test_a_number_is_read_in_every_usual_writing(text: str, digits: str, extension: str) -> None:
    assert PhoneNumber.read(text) == PhoneNumber(digits, extension)


@pytest.mark.parametrize(
    "text",
    [
        "", "1380013800", "138001380001", "12800138000", "138****8000", "62345678", "4008001234", "95588", "10086",
        "13800138000abc", "abc", "+85291234567", "010-12345678", "0-138", "86", "+86", "１３８００１３８００",
        "1" * 40,
    ],
)  # fmt: skip
def test_what_is_no_chinese_number_of_a_person_is_none(text: str) -> None:
    assert PhoneNumber.read(text) is None


@pytest.mark.parametrize(
    ("text", "numbers", "strange"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"], 0),
        ("13800138000 13900139000", ["13800138000", "13900139000"], 0),
        ("13800138000、010-62345678；13900139000", ["13800138000", "01062345678", "13900139000"], 0),
        ("13800138000,13800138000", ["13800138000"], 0),
        ("12345/13900139000", ["13900139000"], 1),
        ("13800138000/无", ["13800138000"], 0),
        ("无", [], 0),
        ("12345", [], 1),
    ],
)
def test_several_numbers_in_one_cell_come_out_in_their_order(text: str, numbers: list[str], strange: int) -> None:
    found, left = read_numbers(text)

    assert [number.digits for number in found] == numbers
    assert left == strange


@pytest.mark.parametrize(
    ("digits", "is_known"),
    [("13800138000", True), ("19212345678", True), ("16512345678", True), ("14412345678", False),
     ("15412345678", False),
     ("01062345678", True), ("075526001234", True)],
)  # fmt: skip
def test_a_prefix_in_use_is_known(digits: str, is_known: bool) -> None:
    assert PhoneNumber(digits).is_known is is_known


def test_a_number_tells_its_kind_and_its_world_writing() -> None:
    assert PhoneNumber("13800138000").is_mobile
    assert not PhoneNumber("01062345678").is_mobile
    assert PhoneNumber("01062345678").e164 == "+861062345678"
    assert str(PhoneNumber("01062345678", "8")) == "01062345678-8"


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@given(mobiles, st.sampled_from(["", "+86", "0086 ", "86-", "0"]), st.sampled_from(["", " ", "-", "."]))
def test_writing_a_mobile_in_groups_never_changes_it(digits: str, country: str, gap: str) -> None:
    assert PhoneNumber.read(country + gap.join((digits[:3], digits[3:7], digits[7:]))) == PhoneNumber(digits)


@given(mobiles, mobiles)
def test_two_mobiles_side_by_side_are_never_mixed(one: str, other: str) -> None:
    found, _ = read_numbers(f"{one} {other}")

    assert [number.digits for number in found] == list(dict.fromkeys((one, other)))


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    numbers, strange = read_numbers(text)

    assert strange >= 0
    assert all(number.digits.isdigit() for number in numbers)
