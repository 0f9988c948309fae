"""Codes of a phone and on paper: what is taken, what is not, and what is owed before the desk opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp.totp import TOTP

from anmi.core.second_factor import (
    RECOVERY_ALPHABET,
    accepted_step,
    enrolment_uri,
    read_recovery_code,
    written_recovery_code,
)
from anmi.core.sign_in import ORDER, Step, first, owed

# The secret and the times of RFC 6238, appendix B; its eight digits cut to the six that phones show.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert accepted_step(RFC_SECRET, code, now, None) == seconds // 30


@pytest.mark.parametrize(("drift", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_one_step_off(drift: int, is_taken: bool) -> None:
    now = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    code = TOTP(RFC_SECRET).at(now + timedelta(seconds=drift))
    assert (accepted_step(RFC_SECRET, code, now, None) is not None) == is_taken


def test_a_code_works_once_and_none_before_it_works_after() -> None:
    now = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
    step = accepted_step(RFC_SECRET, TOTP(RFC_SECRET).at(now), now, None)
    assert step is not None
    for drift in (-30, 0):
        assert accepted_step(RFC_SECRET, TOTP(RFC_SECRET).at(now + timedelta(seconds=drift)), now, step) is None
    assert accepted_step(RFC_SECRET, TOTP(RFC_SECRET).at(now + timedelta(seconds=30)), now, step) == step + 1


@given(st.text(max_size=12))
def test_any_text_can_be_tried_as_a_code(code: str) -> None:
    assert accepted_step(RFC_SECRET, code, datetime(2026, 3, 4, 2, 0, 7, tzinfo=UTC), 10**9) is None


def test_the_uri_names_the_agency_and_the_person() -> None:
    uri = enrolment_uri(RFC_SECRET, issuer="Anmi", account="demo:A001")
    assert uri == f"otpauth://totp/Anmi:demo%3AA001?secret={RFC_SECRET}&issuer=Anmi"


@given(st.text(RECOVERY_ALPHABET, min_size=10, max_size=10))
def test_a_recovery_code_is_read_as_it_was_written(code: str) -> None:
    assert read_recovery_code(written_recovery_code(code)) == code
    assert read_recovery_code(f" {written_recovery_code(code).lower()} ") == code


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert read_recovery_code("OIL00-abcde") == "01100ABCDE"


@pytest.mark.parametrize(
    ("is_enrolled", "is_due", "owes", "done", "step"),
    [
        (False, False, False, None, Step.COMPLETE),
        (True, False, False, None, Step.TOTP),
        (True, True, True, None, Step.TOTP),
        (True, True, True, Step.TOTP, Step.PASSWORD_CHANGE),
        (True, True, True, Step.PASSWORD_CHANGE, Step.COMPLETE),
        (False, True, True, None, Step.PASSWORD_CHANGE),
        (False, True, True, Step.PASSWORD_CHANGE, Step.TOTP_ENROLMENT),
        (False, False, True, None, Step.TOTP_ENROLMENT),
        (True, False, True, Step.TOTP_ENROLMENT, Step.COMPLETE),
    ],
)
def test_the_steps_come_in_order_and_never_twice(
    is_enrolled: bool, is_due: bool, owes: bool, done: Step | None, step: Step
) -> None:
    asked = owed(is_enrolled=is_enrolled, is_password_due=is_due, owes_second_factor=owes, done=done)
    assert first(asked) is step
    assert done is None or all(ORDER.index(ahead) > ORDER.index(done) for ahead in asked)
