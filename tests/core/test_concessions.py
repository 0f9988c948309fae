"""Relief is approved by those who may, for as long as they say, and spoken of only then."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.balance import Balance, Component
from anmi.core.concession_offers import Offer, settlement, waiver
from anmi.core.concessions import (
    NEVER_PROMISED,
    OVER,
    QUOTABLE,
    STEPS,
    ApprovalPath,
    Event,
    Grant,
    Kind,
    RefusedRequest,
    RefusedStep,
    Request,
    Signature,
    State,
    approval_path,
    is_expired,
    lapse,
    may_quote,
    next_event,
    read_authority,
    step,
)
from anmi.core.money import Money

TABLE = tomllib.loads((Path(__file__).parents[2] / "anmi/casework/concession_table/default.toml").read_text("utf-8"))
AUTHORITY = read_authority(TABLE)
OWED = Balance(principal=Money.of("10000"), penalty_interest=Money.of("2000"))
TODAY = date(2026, 11, 23)


def penalty(share: str) -> Offer:
    return waiver(OWED, {Component.PENALTY_INTEREST: Fraction(share)})


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_every_step_is_taken_or_refused_with_a_reason(state: State, event: Event) -> None:
    after = step(state, event)
    if isinstance(after, RefusedStep):
        assert after.reason
    else:
        assert after is STEPS[state, event]
        assert state not in OVER or event is Event.PAYMENT_REVERSED


def test_a_concession_goes_from_the_draft_to_the_last_payment() -> None:
    state = State.DRAFT
    for event in (
        Event.SUBMITTED,
        Event.REVIEW_STARTED,
        Event.REVIEWED,
        Event.SENT_TO_CREDITOR,
        Event.APPROVED,
        Event.ACCEPTED,
        Event.FIRST_PAID,
        Event.COMPLETED,
    ):
        after = step(state, event)
        assert isinstance(after, State)
        state = after
    assert state is State.COMPLETED


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        (Request(Kind.PENALTY_WAIVER, penalty("0.5")), ApprovalPath(("supervisor",), creditor_decides=False)),
        (Request(Kind.PENALTY_WAIVER, penalty("0.7")), ApprovalPath(("supervisor",), creditor_decides=True)),
        (
            Request(Kind.LUMP_SUM_SETTLEMENT, settlement(OWED, Money.of("8000"))),
            ApprovalPath(("supervisor", "operations"), creditor_decides=True),
        ),
    ],
)
def test_the_larger_the_relief_the_higher_the_hand(request_: Request, path: ApprovalPath) -> None:
    assert approval_path(request_, AUTHORITY) == path


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request(Kind.REPORT_WITHDRAWAL, penalty("0.1")), "may_never_be_promised"),
        (Request(Kind.CASE_WITHDRAWAL, penalty("0.1")), "may_never_be_promised"),
        (Request(Kind.LUMP_SUM_SETTLEMENT, settlement(OWED, Money.of("100"))), "beyond_every_limit"),
        (Request(Kind.PENALTY_WAIVER, settlement(OWED, Money.of("9000"))), "kind_does_not_cover_principal"),
        (Request(Kind.INSTALMENT_RELIEF, penalty("0.1"), instalments=61), "too_many_instalments"),
        (Request(Kind.INSTALMENT_RELIEF, penalty("0.1"), instalments=0), "too_many_instalments"),
    ],
)
def test_what_nobody_can_approve_is_refused_by_name(request_: Request, reason: str) -> None:
    assert approval_path(request_, AUTHORITY) == RefusedRequest(reason)


@given(st.sampled_from(Kind), st.integers(0, 1_200_000).map(Money), st.integers(0, 80))
def test_a_smaller_relief_never_takes_a_longer_path(kind: Kind, to_pay: Money, instalments: int) -> None:
    path = approval_path(Request(kind, settlement(OWED, to_pay), instalments), AUTHORITY)
    if kind in NEVER_PROMISED:
        assert isinstance(path, RefusedRequest)
    if isinstance(path, RefusedRequest):
        return
    smaller = approval_path(Request(kind, settlement(OWED, max(to_pay, Money.of("11999"))), instalments), AUTHORITY)
    assert isinstance(smaller, ApprovalPath)
    assert len(smaller.roles) <= len(path.roles)
    assert path.creditor_decides or not smaller.creditor_decides


def test_all_sign_in_turn_and_one_refusal_ends_it() -> None:
    path = ApprovalPath(("supervisor", "operations"), creditor_decides=True)
    yes, no = Signature("supervisor", approves=True), Signature("operations", approves=False)
    assert next_event(path, []) is None
    assert next_event(path, [yes]) is Event.REVIEWED
    assert next_event(path, [yes, no]) is Event.REJECTED
    assert next_event(path, [yes, Signature("operations", approves=True)]) is Event.SENT_TO_CREDITOR
    ours = ApprovalPath(("supervisor",), creditor_decides=False)
    assert next_event(ours, [yes]) is Event.APPROVED


@pytest.mark.parametrize(
    "signatures",
    [[Signature("operations", approves=True)], [Signature("supervisor", approves=True)] * 2],
)
def test_nobody_signs_out_of_turn(signatures: list[Signature]) -> None:
    with pytest.raises(ValueError, match="sign"):
        next_event(ApprovalPath(("supervisor",), creditor_decides=False), signatures)


@pytest.mark.parametrize("state", State)
def test_a_collector_quotes_only_what_is_approved_and_not_expired(state: State) -> None:
    grant = Grant(Money.of("8000"), TODAY)
    assert may_quote(state, grant, TODAY) is (state in QUOTABLE)
    assert not may_quote(state, grant, date(2026, 11, 24))
    assert not may_quote(state, None, TODAY)


def test_what_is_being_paid_off_does_not_expire() -> None:
    grant = Grant(Money.of("8000"), TODAY)
    assert is_expired(State.APPROVED, grant, date(2026, 11, 24))
    assert not is_expired(State.APPROVED, grant, TODAY)
    assert not is_expired(State.PERFORMING, grant, date(2027, 1, 1))


@pytest.mark.parametrize(
    "change",
    [
        {"ladder": "supervisor"},
        {"most_instalments": 0},
        {"delegated": {"penalty_waiver": 0.1}},
        {"delegated": {"kindness": "0.1"}},
        {"limit": [{"role": "janitor", "kind": "fee_waiver", "share": "1", "amount": "1"}]},
        {"limit": [{"role": "supervisor", "kind": "fee_waiver", "share": "2", "amount": "1"}]},
        {"limit": [{"role": "supervisor", "kind": "fee_waiver", "share": "1", "amount": "1.234"}]},
    ],
)
def test_a_table_that_cannot_be_read_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"concession table|not a valid|not an amount"):
        read_authority(TABLE | change)


@pytest.mark.parametrize(
    ("state", "day", "has_plan", "expected"),
    [
        (State.APPROVED, TODAY, False, None),
        (State.APPROVED, date(2026, 11, 24), False, Event.EXPIRED),
        (State.EFFECTIVE, date(2026, 11, 24), False, Event.EXPIRED),
        (State.EFFECTIVE, date(2026, 11, 24), True, None),
        (State.PERFORMING, date(2026, 11, 24), False, Event.BROKEN),
        (State.PERFORMING, date(2026, 11, 24), True, None),
        (State.FIRST_REVIEW, date(2026, 11, 24), False, None),
        (State.COMPLETED, date(2026, 11, 24), False, None),
    ],
)
def test_what_is_not_paid_by_its_last_day_lapses(
    state: State, day: date, has_plan: bool, expected: Event | None
) -> None:
    assert lapse(state, Grant(Money.of("8000"), TODAY), day, has_plan=has_plan) is expected
    assert lapse(state, None, day, has_plan=has_plan) is None
