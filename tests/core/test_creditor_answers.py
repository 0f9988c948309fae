"""A creditor's answer is written down only where it fits what was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from anmi.core.balance import Balance
from anmi.core.concessions import State
from anmi.core.creditor_answers import CreditorAnswer, Doubt, Waiting, doubt_of
from anmi.core.money import Money

TODAY = date(2026, 3, 4)
OWED = Balance(principal=Money.of("1000"))
WAITS = Waiting(State.CREDITOR_REVIEW, OWED, OWED, 0, is_of_bringer=False)
GRANT = CreditorAnswer(grants=True, approved=Money.of("900"), valid_until=TODAY)
REFUSAL = CreditorAnswer(grants=False)


@pytest.mark.parametrize(
    ("answer", "waiting", "doubt"),
    [
        (GRANT, WAITS, None),
        (replace(GRANT, approved=None), WAITS, None),
        (replace(GRANT, approved=OWED.total), WAITS, None),
        (GRANT, None, Doubt.NOTHING_WAITS),
        (GRANT, replace(WAITS, state=State.SUBMITTED), Doubt.NOTHING_WAITS),
        (REFUSAL, replace(WAITS, state=State.APPROVED), Doubt.NOTHING_WAITS),
        (GRANT, replace(WAITS, is_of_bringer=True), Doubt.OWN_REQUEST),
        (REFUSAL, replace(WAITS, is_of_bringer=True), Doubt.OWN_REQUEST),
        (GRANT, replace(WAITS, owed_now=Balance()), Doubt.DEBT_CHANGED),
        (REFUSAL, replace(WAITS, owed_now=Balance()), None),
        (replace(GRANT, approved=OWED.total + Money(1)), WAITS, Doubt.OUT_OF_RANGE),
        (replace(GRANT, approved=Money(2)), replace(WAITS, installments=3), Doubt.OUT_OF_RANGE),
        (replace(GRANT, valid_until=date(2026, 3, 3)), WAITS, Doubt.RUN_OUT),
    ],
)
def test_an_answer_fits_or_says_why_not(answer: CreditorAnswer, waiting: Waiting | None, doubt: Doubt | None) -> None:
    assert doubt_of(answer, waiting, TODAY) is doubt
