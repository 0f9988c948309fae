"""A creditor's answer to a concession: whether it can be written down as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anmi.core.balance import Balance
from anmi.core.concessions import State
from anmi.core.money import Money


class Doubt(StrEnum):
    """Why an answer cannot be written down."""

    NOTHING_WAITS = "nothing_waits"
    OWN_REQUEST = "own_request"
    DEBT_CHANGED = "debt_changed"
    OUT_OF_RANGE = "out_of_range"
    RUN_OUT = "run_out"


@dataclass(frozen=True, slots=True)
class CreditorAnswer:
    """What the creditor says: granted for a sum, or as it was asked without one, until a day; or refused."""

    grants: bool
    approved: Money | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The concession an answer is for: where it stands, what was owed when it was asked for and is owed now."""

    state: State
    owed_then: Balance
    owed_now: Balance
    installments: int
    """In how many instalments it would be paid; 0 where it is paid at once."""
    is_of_bringer: bool
    """Whether the one who brings the answer asked for the concession: nobody grants what she asked for herself."""


def doubt_of(answer: CreditorAnswer, waiting: Waiting | None, today: date) -> Doubt | None:
    """Say why an answer cannot be written down, or None."""
    if waiting is None or waiting.state is not State.CREDITOR_REVIEW:
        return Doubt.NOTHING_WAITS
    if waiting.is_of_bringer:
        return Doubt.OWN_REQUEST
    return _doubt_of_grant(answer, waiting, today) if answer.grants else None


def _doubt_of_grant(answer: CreditorAnswer, waiting: Waiting, today: date) -> Doubt | None:
    if waiting.owed_now != waiting.owed_then:
        return Doubt.DEBT_CHANGED
    # No instalment is of less than a fen.
    least = max(1, waiting.installments)
    if answer.approved is not None and not least <= answer.approved.fen <= waiting.owed_then.total.fen:
        return Doubt.OUT_OF_RANGE
    if answer.valid_until is not None and answer.valid_until < today:
        return Doubt.RUN_OUT
    return None
