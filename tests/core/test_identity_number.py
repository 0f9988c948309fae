"""Identity numbers after GB 11643. All of them are made up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.identity_number import IdentityFault, IdentityNumber, check_character

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # The example of the standard itself.
        ("11010519491231002X", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("440524188001010014", IdentityFault.FORMAT),
        ("110105194912310021", IdentityFault.CHECKSUM),
        ("110105491231002", "11010519491231002X"),
        ("110105491331002", IdentityFault.FORMAT),
        ("11010519490231002X", IdentityFault.FORMAT),
        ("11010520270101002X", IdentityFault.FORMAT),
        ("99", IdentityFault.FORMAT),
        ("100105194912310020", IdentityFault.FORMAT),
        ("1101051949123100", IdentityFault.FORMAT),
        ("X1010519491231002X", IdentityFault.FORMAT),
        ("１１０１０５１９４９１２３１００２Ｘ", IdentityFault.FORMAT),
        ("11010519491231002X\n", IdentityFault.FORMAT),
        ("", IdentityFault.FORMAT),
    ],
)
def test_a_number_is_read_or_the_fault_is_named(text: str, read: str | IdentityFault) -> None:
    found = IdentityNumber.read(text, TODAY)

    assert (found.text if isinstance(found, IdentityNumber) else found) == read


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "931156"])
def test_permits_with_an_identity_number_are_identity_numbers(area: str) -> None:
    body = f"{area}19900307001"

    assert isinstance(IdentityNumber.read(body + check_character(body), TODAY), IdentityNumber)


births = st.dates(date(1900, 1, 1), TODAY)


@given(births, st.integers(0, 999))
def test_every_rightly_made_number_is_read_and_tells_birth_and_sex(born_on: date, order: int) -> None:
    body = f"310104{born_on:%Y%m%d}{order:03d}"

    found = IdentityNumber.read(body + check_character(body), TODAY)

    assert isinstance(found, IdentityNumber)
    assert found.born_on == born_on
    assert found.is_male == (order % 2 == 1)
    assert str(found) == found.text


@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born_on: date, order: int, place: int, shift: int) -> None:
    body = f"310104{born_on:%Y%m%d}{order:03d}"
    wrong = body[:place] + str((int(body[place]) + shift) % 10) + body[place + 1 :]

    assert isinstance(IdentityNumber.read(wrong + check_character(body), TODAY), IdentityFault)


def test_nobody_is_born_tomorrow() -> None:
    body = f"310104{TODAY + timedelta(days=1):%Y%m%d}001"

    assert IdentityNumber.read(body + check_character(body), TODAY) is IdentityFault.FORMAT


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(IdentityNumber.read(text, TODAY), IdentityNumber | IdentityFault)
