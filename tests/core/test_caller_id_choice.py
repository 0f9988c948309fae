"""Which number is shown to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.caller_id_choice import Place, Shown, Unfit, choose, unfitness

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
HANGZHOU = Place("浙江", "杭州")


def number(serial: int, province: str | None = "浙江", city: str | None = "杭州", **facts: Any) -> Shown:
    usual = Shown(
        id=UUID(int=serial),
        province=province,
        city=city,
        is_active=True,
        rests_until=None,
        leased_until=date(2026, 3, 4),
        daily_ceiling=10,
        shown_today=0,
        cool_down=timedelta(seconds=60),
        last_shown_at=NOW - timedelta(seconds=60),
        complaints=0,
        complaint_ceiling=3,
    )
    return replace(usual, **facts)


def chosen(wanted: Place, *numbers: Shown) -> list[int]:
    return [each.int for each in choose(wanted, numbers, NOW, TODAY).fit]


def test_her_own_city_comes_first_then_the_province_then_the_country() -> None:
    numbers = [
        number(1, None, None),
        number(2, "浙江", "宁波"),
        number(3, "浙江", "杭州"),
        number(4, "江苏", "南京"),
        number(5, "浙江", None),
    ]
    assert chosen(HANGZHOU, *numbers) == [3, 2, 5, 1]
    assert chosen(Place("四川", "成都"), *numbers) == [1]
    assert chosen(Place(), *numbers) == [1]


def test_a_city_of_the_same_name_in_another_province_is_not_hers() -> None:
    assert chosen(Place("江苏", "泰州"), number(1, "浙江", "泰州")) == []


def test_among_the_near_the_one_shown_least_goes_next_and_better_trunks_before() -> None:
    numbers = [number(1, shown_today=5), number(2, shown_today=2), number(3, trunk_rank=1), number(4, shown_today=2)]
    assert chosen(HANGZHOU, *numbers) == [2, 4, 1, 3]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"has_ended": True}, Unfit.ENDED),
        ({"leased_until": date(2026, 3, 3)}, Unfit.LEASE_OVER),
        ({"complaints": 3}, Unfit.TOO_MANY_COMPLAINTS),
        ({"is_active": False}, Unfit.RESTING),
        ({"rests_until": NOW + timedelta(seconds=1)}, Unfit.RESTING),
        ({"is_ours": False}, Unfit.ANOTHER_UNIT),
        ({"trunk_rank": None}, Unfit.TRUNK_UNUSABLE),
        ({"shown_today": 10}, Unfit.OVER_CEILING),
        ({"daily_ceiling": 0}, Unfit.OVER_CEILING),
        ({"last_shown_at": NOW - timedelta(seconds=59)}, Unfit.COOLING_DOWN),
        ({"province": "江苏", "city": "南京"}, Unfit.ANOTHER_PLACE),
    ],
)
def test_every_number_that_is_not_shown_has_its_reason(facts: dict[str, Any], reason: Unfit) -> None:
    choice = choose(HANGZHOU, [number(1, **facts)], NOW, TODAY)
    assert (choice.fit, choice.unfit) == ((), {reason: 1})


@pytest.mark.parametrize(
    "facts",
    [{"leased_until": None}, {"last_shown_at": None}, {"rests_until": NOW}, {"shown_today": 9}, {"complaints": 2}],
)
def test_a_number_at_the_edge_of_its_bounds_is_shown(facts: dict[str, Any]) -> None:
    assert unfitness(number(1, **facts), NOW, TODAY) is None


NUMBERS = st.builds(
    number,
    st.integers(1, 10**6),
    st.sampled_from([None, "浙江", "江苏"]),
    st.sampled_from([None, "杭州", "南京"]),
    is_active=st.booleans(),
    shown_today=st.integers(0, 12),
    complaints=st.integers(0, 4),
    is_ours=st.booleans(),
    trunk_rank=st.sampled_from([None, 0, 1]),
    leased_until=st.sampled_from([None, date(2026, 3, 3), date(2027, 1, 1)]),
)


@given(st.lists(NUMBERS, max_size=20, unique_by=lambda each: each.id), st.sampled_from([HANGZHOU, Place()]))
def test_nothing_unlisted_or_unfit_is_ever_shown_and_every_number_is_accounted_for(
    numbers: list[Shown], wanted: Place
) -> None:
    choice = choose(wanted, numbers, NOW, TODAY)
    by_id = {each.id: each for each in numbers}
    assert set(choice.fit) <= set(by_id)
    assert all(unfitness(by_id[each], NOW, TODAY) is None for each in choice.fit)
    assert len(choice.fit) + sum(choice.unfit.values()) == len(numbers)


def test_a_number_that_need_not_cool_down_is_fit_by_any_clock() -> None:
    shown_meanwhile = number(1, cool_down=timedelta(0), last_shown_at=NOW + timedelta(seconds=2))
    assert unfitness(shown_meanwhile, NOW, TODAY) is None
