"""Signing in: what somebody who knows her password may still owe before the desk opens, and in which order."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final


class Step(StrEnum):
    """What is still owed before the desk opens."""

    TOTP = "totp"
    PASSWORD_CHANGE = "password_change"  # noqa: S105 - a step, not a password
    TOTP_ENROLMENT = "totp_enrolment"
    COMPLETE = "complete"


ORDER: Final = (Step.TOTP, Step.PASSWORD_CHANGE, Step.TOTP_ENROLMENT)


def owed(
    *, is_enrolled: bool, is_password_due: bool, owes_second_factor: bool, done: Step | None = None
) -> frozenset[Step]:
    """Return the steps somebody owes; `done` is the step just taken, those before it are behind her."""
    asked = {
        Step.TOTP: is_enrolled,
        Step.PASSWORD_CHANGE: is_password_due,
        Step.TOTP_ENROLMENT: owes_second_factor and not is_enrolled,
    }
    ahead = ORDER if done is None else ORDER[ORDER.index(done) + 1 :]
    return frozenset(step for step in ahead if asked[step])


def first(steps: Collection[Step]) -> Step:
    """Return the step to take first; nothing owed means the desk opens."""
    return next((step for step in ORDER if step in steps), Step.COMPLETE)
