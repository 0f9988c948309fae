"""A payment plan (分期还款): monthly instalments that add up to the fen, and when the plan counts as breached.

Art. 70 of the credit card rules (商业银行信用卡业务监督管理办法) allows a personalised plan of five years at the most;
that number, or the contract's smaller one, comes with the request.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from anmi.core.money import ZERO, Money, total


@dataclass(frozen=True, slots=True)
class Instalment:
    """One monthly payment; `charge` is what the creditor asks for the time, if anything."""

    number: int
    due_on: date
    principal: Money
    charge: Money

    @property
    def amount(self) -> Money:
        return self.principal + self.charge


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """The instalments in the order of their days."""

    instalments: tuple[Instalment, ...]

    @property
    def principal(self) -> Money:
        return total([one.principal for one in self.instalments])

    @property
    def amount(self) -> Money:
        return total([one.amount for one in self.instalments])


@dataclass(frozen=True, slots=True)
class RefusedPlan:
    """A plan that cannot be: `too_many`, `none` or `less_than_one_fen_each`, with the most that is possible."""

    reason: str
    most: int


def plan(
    amount: Money,
    count: int,
    first_due_on: date,
    *,
    most: int,
    down_payment: Money = ZERO,
    yearly_rate: Fraction = Fraction(0),
) -> PaymentPlan | RefusedPlan:
    """Split `amount` into `count` monthly instalments; a down payment is the first of them.

    The charge of a month is the remaining principal times a twelfth of `yearly_rate`, rounded down to the fen.
    """
    if count < 1:
        return RefusedPlan("none", most)
    if count > most:
        return RefusedPlan("too_many", most)
    principals = _principals(amount, count, down_payment)
    if min(principals).fen < 1:
        return RefusedPlan("less_than_one_fen_each", max(0, min(most, amount.fen)))
    instalments: list[Instalment] = []
    remaining = amount
    for number, principal in enumerate(principals):
        charge = remaining.share(yearly_rate / 12)
        instalments.append(Instalment(number + 1, months_later(first_due_on, number), principal, charge))
        remaining -= principal
    return PaymentPlan(tuple(instalments))


def is_breached(agreed: PaymentPlan, received: Sequence[tuple[date, Money]], today: date, grace_days: int) -> bool:
    """Whether, `grace_days` after some instalment fell due, less than all the instalments due by then was received."""
    due = ZERO
    for one in agreed.instalments:
        due += one.amount
        if (today - one.due_on).days <= grace_days:
            return False
        in_time = total([amount for on, amount in received if (on - one.due_on).days <= grace_days])
        if in_time < due:
            return True
    return False


def fill(amounts: Sequence[Money], received: Money) -> tuple[Money, ...]:
    """Say what of `received` each instalment has, the earliest first; what is more than all of them is in none."""
    left = received
    filled: list[Money] = []
    for amount in amounts:
        part = min(amount, left)
        filled.append(part)
        left -= part
    return tuple(filled)


def months_later(day: date, count: int) -> date:
    """Return the same day `count` months later, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _principals(amount: Money, count: int, down_payment: Money) -> tuple[Money, ...]:
    if not down_payment or count == 1:
        return amount.split(count)
    return (down_payment, *(amount - down_payment).split(count - 1))
