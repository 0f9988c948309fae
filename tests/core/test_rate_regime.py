"""A claim above the cap of its time is looked at, and the cap is found by lender and day."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import Money
from anmi.core.rate_regime import CreditorType, implied_apr, rate_cap_regime, read_rate_table, warn

DATA = tomllib.loads((Path(__file__).parents[2] / "anmi/casework/rate_table/default.toml").read_text("utf-8"))
TABLE = read_rate_table(DATA)
PRIVATE, BANK, MICRO = CreditorType.PRIVATE, CreditorType.BANK, CreditorType.MICRO_LOAN


@pytest.mark.parametrize(
    ("creditor_type", "loan_date", "cap"),
    [
        (PRIVATE, date(2020, 8, 19), "0.24"),
        (PRIVATE, date(2020, 8, 20), "0.154"),
        (PRIVATE, date(2025, 6, 1), "0.12"),
        (BANK, date(2024, 6, 1), "0.24"),
        (MICRO, date(2027, 12, 31), "0.24"),
        (MICRO, date(2028, 1, 1), "0.12"),
        (PRIVATE, date(2015, 8, 31), None),
        (BANK, date(2010, 1, 1), None),
    ],
)
def test_the_cap_follows_from_the_lender_and_the_day_of_the_loan(
    creditor_type: CreditorType, loan_date: date, cap: str | None
) -> None:
    regime = rate_cap_regime(creditor_type, loan_date, TABLE)
    assert (regime.cap if regime else None) == (Fraction(cap) if cap else None)


def test_a_claim_above_the_cap_is_warned_of_with_the_sum() -> None:
    regime = rate_cap_regime(BANK, date(2024, 6, 1), TABLE)
    assert regime is not None
    assert warn(regime, Money.of("10000"), Money.of("2400"), 365, 365) is None
    warning = warn(regime, Money.of("10000"), Money.of("3600"), 365, 365)
    assert warning is not None
    assert (warning.implied, warning.excess) == (Fraction(36, 100), Money.of("1200"))


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(1, 4000))
def test_a_warning_is_given_exactly_above_the_cap(principal: int, charges: int, days: int) -> None:
    regime = rate_cap_regime(BANK, date(2024, 6, 1), TABLE)
    assert regime is not None
    warning = warn(regime, Money(principal), Money(charges), days, 360)
    assert (warning is not None) == (implied_apr(Money(principal), Money(charges), days, 360) > regime.cap)
    assert warning is None or 0 < warning.excess.fen <= charges


@pytest.mark.parametrize(("principal", "charges", "days"), [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_no_rate_is_implied_by_nothing(principal: int, charges: int, days: int) -> None:
    with pytest.raises(ValueError, match="a rate is implied"):
        implied_apr(Money(principal), Money(charges), days, 365)


@pytest.mark.parametrize(
    "change",
    [
        {"regime": []},
        {"regime": [{"creditor_types": ["bank"], "loans_from": date(2020, 1, 1), "source": "none"}]},
        {"regime": [{"creditor_types": [], "loans_from": date(2020, 1, 1), "source": "none", "rate": "0.1"}]},
        {"lpr": [{"since": date(2020, 1, 1), "rate": 0.03}]},
        {"lpr": [{"since": date(2020, 1, 1), "rate": "0.03"}, {"since": date(2020, 1, 1), "rate": "0.04"}]},
    ],
)
def test_a_table_that_cannot_be_read_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="rate table"):
        read_rate_table(DATA | change)
