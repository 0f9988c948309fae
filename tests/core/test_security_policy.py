"""What a password must be, when an account locks and who owes a second factor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.lockout import LONGEST, Attempts, locked_for
from anmi.core.permissions import Permission, Words
from anmi.core.roles import ADMINISTRATORS, COLLECTOR, OWNER, PLATFORM_OPERATOR, SUPERVISOR, Role
from anmi.core.security_policy import (
    BOUNDS,
    LockoutRules,
    PasswordRules,
    SecurityPolicy,
    SessionRules,
    Weakness,
    breaches,
    classes_of,
    is_password_due,
    owes_second_factor,
    weaknesses,
)

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
RULES = PasswordRules()


def test_the_defaults_keep_to_the_platforms_bounds() -> None:
    assert breaches(SecurityPolicy()) == ()


@pytest.mark.parametrize("path", BOUNDS)
def test_every_number_has_a_floor_and_a_ceiling(path: str) -> None:
    part, _, name = path.partition(".")
    policy = SecurityPolicy()
    for value, is_fine in (
        (BOUNDS[path].least - 1, False),
        (BOUNDS[path].least, True),
        (BOUNDS[path].most, True),
        (BOUNDS[path].most + 1, False),
    ):
        changed = replace(policy, **{part: replace(getattr(policy, part), **{name: value})})
        assert [breach.path for breach in breaches(changed)] == ([] if is_fine else [path])


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Kalm-Water-82", []),
        ("安静的水Kalm82", []),
        ("Kalm-82", [Weakness.TOO_SHORT]),
        ("kalmwater82", [Weakness.TOO_FEW_CLASSES]),
        ("kalm-water82", []),
        ("Kalm-a001-x!", [Weakness.HOLDS_EMPLOYEE_NO]),
        ("Kalm-13900001234", [Weakness.HOLDS_PHONE, Weakness.HOLDS_RUN]),
        ("Kalm-aaaa-82", [Weakness.HOLDS_RUN]),
        ("Kalm-aAaA-82", [Weakness.HOLDS_RUN]),
        ("Kalm-1234-x", [Weakness.HOLDS_RUN]),
        ("Kalm-fedc-82", [Weakness.HOLDS_RUN]),
        ("Kalm-123-abc", []),
        ("Kalm-82" * 19, [Weakness.TOO_LONG]),
        ("", [Weakness.TOO_SHORT, Weakness.TOO_FEW_CLASSES]),
    ],
)
def test_a_weak_password_is_called_by_its_faults(password: str, faults: list[Weakness]) -> None:
    assert list(weaknesses(password, RULES, employee_no="A001", phone="13900001234")) == faults


def test_a_short_employee_number_does_not_forbid_half_of_all_passwords() -> None:
    assert weaknesses("Kalm-Water-82", RULES, employee_no="82") == ()


@given(st.text(max_size=200))
def test_any_text_can_be_judged(password: str) -> None:
    assert 0 <= classes_of(password) <= 4
    assert (Weakness.TOO_SHORT in weaknesses(password, RULES)) == (len(password) < 10)


def test_a_password_is_due_after_its_days() -> None:
    assert not is_password_due(NOW - timedelta(days=90) + timedelta(seconds=1), RULES, NOW)
    assert is_password_due(NOW - timedelta(days=90), RULES, NOW)


@pytest.mark.parametrize(
    ("lockouts", "minutes"), [(0, 15), (1, 15), (2, 30), (3, 60), (4, 120), (7, 960), (8, 24 * 60), (10**6, 24 * 60)]
)
def test_a_lockout_doubles_up_to_a_day(lockouts: int, minutes: int) -> None:
    assert locked_for(lockouts, LockoutRules()) == timedelta(minutes=minutes) <= LONGEST


@given(attempts=st.integers(3, 10), minutes=st.integers(5, 1440), tries=st.integers(1, 60), lockouts=st.integers(0, 50))
def test_nobody_is_examined_more_often_than_the_policy_allows(
    attempts: int, minutes: int, tries: int, lockouts: int
) -> None:
    rules, state, examined = LockoutRules(attempts, minutes), Attempts(lockouts=lockouts), 0
    for _ in range(tries):
        if not state.is_locked(NOW):
            state, examined = state.one_more(rules, NOW), examined + 1
    assert examined == min(tries, attempts)
    assert state.is_locked(NOW) == (tries >= attempts)


@given(failed=st.integers(0, 4), lockouts=st.integers(0, 9))
def test_an_attempt_that_was_right_is_taken_back_and_no_other(failed: int, lockouts: int) -> None:
    before = Attempts(failed, lockouts)
    assert before.one_more(LockoutRules(), NOW).one_less(LockoutRules(), NOW) == before


def test_a_lock_opens_by_itself() -> None:
    locked = Attempts(failed=4).one_more(LockoutRules(), NOW)
    assert locked.locked_until == NOW + timedelta(minutes=15)
    assert not locked.is_locked(NOW + timedelta(minutes=15))


@pytest.mark.parametrize("role", [*ADMINISTRATORS, PLATFORM_OPERATOR])
def test_administrators_always_owe_a_second_factor_outside_the_demo(role: Role) -> None:
    assert owes_second_factor(role, SecurityPolicy())
    assert not owes_second_factor(role, SecurityPolicy(), demo=True)


def test_a_role_of_the_agencys_own_does_not_go_round_the_second_factor() -> None:
    role = Role("help_desk", Words("帮助台", "Help desk"), frozenset({Permission.PEOPLE_WRITE}))
    assert owes_second_factor(role, SecurityPolicy())


def test_an_agency_may_demand_a_second_factor_of_anybody() -> None:
    policy = SecurityPolicy(session=SessionRules(), totp_required_roles=frozenset({"owner"}))
    assert owes_second_factor(OWNER, policy, demo=True)
    assert not owes_second_factor(SUPERVISOR, policy)
    assert not owes_second_factor(COLLECTOR, policy)
