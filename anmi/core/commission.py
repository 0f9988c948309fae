"""Commission (佣金): what the creditor pays us for what came in, by bucket, placement tier and amount.

Each group of the statement is reckoned exactly and rounded once, down to the fen; its payments then share that sum
without a fen lost or made. Reversed payments come in as negative amounts and take their commission back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import cast

from anmi.core.money import ZERO, Money, total
from anmi.core.tables import rate, rows


class StepMode(StrEnum):
    """How the steps by amount are meant."""

    SLICE = "slice"  # each rate holds for the money between its step and the next
    WHOLE = "whole"  # the rate of the step reached holds for all the money


@dataclass(frozen=True, slots=True)
class CommissionRow:
    """The rates of one bucket and tier; None stands for any. Steps begin at nothing and rise."""

    bucket: str | None
    placement_tier: int | None
    mode: StepMode
    steps: tuple[tuple[Money, Fraction], ...]

    def commission(self, base: Money) -> Money:
        """Return the commission on `base`, rounded towards nothing."""
        if self.mode is StepMode.WHOLE or base.fen <= 0:
            reached = [share for start, share in self.steps if start <= max(base, ZERO)]
            return base.share(reached[-1])
        ends = [*(start for start, _ in self.steps[1:]), base]
        slices = ((min(end, base) - start, share) for (start, share), end in zip(self.steps, ends, strict=True))
        return Money(floor(sum((part.fen * share for part, share in slices if part.fen > 0), Fraction(0))))


@dataclass(frozen=True, slots=True)
class CommissionTable:
    """A contract's rows; the most particular one that fits is used."""

    rows: tuple[CommissionRow, ...]

    def row(self, bucket: str, placement_tier: int) -> CommissionRow | None:
        fitting = [
            row for row in self.rows if row.bucket in {bucket, None} and row.placement_tier in {placement_tier, None}
        ]
        return max(fitting, key=lambda row: (row.bucket is not None, row.placement_tier is not None), default=None)


@dataclass(frozen=True, slots=True)
class Recovered:
    """A confirmed payment of the period, negative for a reversal, with the bucket it was placed in."""

    payment_id: str
    bucket: str
    placement_tier: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A bonus or malus of the contract (质检/投诉罚则), with its reason."""

    reason: str
    amount: Money


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One group of the statement: the money recovered, the commission, and each payment's part of it."""

    bucket: str
    placement_tier: int
    base: Money
    commission: Money
    parts: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class CommissionStatement:
    """A period's commission; `without_rate` is money for which the contract names no rate."""

    lines: tuple[StatementLine, ...]
    adjustments: tuple[Adjustment, ...]
    without_rate: tuple[Recovered, ...]

    @property
    def total(self) -> Money:
        earned = total([line.commission for line in self.lines])
        return earned + total([one.amount for one in self.adjustments])


def statement(
    table: CommissionTable, recovered: Iterable[Recovered], adjustments: Sequence[Adjustment] = ()
) -> CommissionStatement:
    """Reckon the commission of a period; the order of the payments makes no difference to any sum."""
    groups: dict[tuple[str, int], list[Recovered]] = {}
    for one in sorted(recovered, key=lambda one: one.payment_id):
        groups.setdefault((one.bucket, one.placement_tier), []).append(one)
    lines: list[StatementLine] = []
    without_rate: list[Recovered] = []
    for (bucket, tier), payments in sorted(groups.items()):
        row = table.row(bucket, tier)
        if row is None:
            without_rate += payments
            continue
        base = total([one.amount for one in payments])
        commission = row.commission(base)
        shares = apportion(commission, [one.amount.fen for one in payments])
        parts = {one.payment_id: share for one, share in zip(payments, shares, strict=True)}
        lines.append(StatementLine(bucket, tier, base, commission, parts))
    return CommissionStatement(tuple(lines), tuple(adjustments), tuple(without_rate))


def apportion(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Share `amount` by `weights`, which may be negative but do not add up to nothing, losing and making no fen.

    Weights that do add up to nothing share nothing, which only `ZERO` can be.
    """
    whole = sum(weights)
    if whole == 0:
        if amount:
            raise ValueError("something cannot be shared by weights that add up to nothing")
        return tuple(ZERO for _ in weights)
    exact = [Fraction(amount.fen * weight, whole) for weight in weights]
    shares = [floor(share) for share in exact]
    odd = amount.fen - sum(shares)
    # The odd fen go to those who lost most by rounding, the first of equals first.
    by_loss = sorted(range(len(shares)), key=lambda index: shares[index] - exact[index])
    for index in by_loss[:odd]:
        shares[index] += 1
    return tuple(Money(share) for share in shares)


def read_commission_table(data: object) -> CommissionTable:
    """Build the table from loaded rows; raise ValueError naming the row that cannot be read or stands there twice."""
    table = tuple(_row(row) for row in rows(data, "commission table"))
    keys = [(row.bucket, row.placement_tier) for row in table]
    if len(set(keys)) != len(keys):
        raise ValueError("commission table: a bucket and tier stand there twice")
    return CommissionTable(table)


def _row(row: Mapping[str, object]) -> CommissionRow:
    name = f"commission table, bucket {row.get('bucket')}, tier {row.get('placement_tier')}"
    bucket, tier = row.get("bucket"), row.get("placement_tier")
    if not isinstance(bucket, str | None) or not isinstance(tier, int | None):
        raise ValueError(f"{name}: a bucket is text and a tier a number")  # noqa: TRY004 - the table is at fault
    steps = tuple(_step(step, name) for step in rows(row.get("steps"), name))
    if not steps or steps[0][0] != ZERO or any(before[0] >= after[0] for before, after in pairwise(steps)):
        raise ValueError(f"{name}: steps begin at 0 and rise")
    return CommissionRow(bucket, tier, StepMode(cast("str", row.get("mode"))), steps)


def _step(step: Mapping[str, object], name: str) -> tuple[Money, Fraction]:
    match step:
        case {"from": str(start), "rate": text} if (share := rate(text, name)) <= 1:
            return Money.of(start), share
        case _:
            raise ValueError(f"{name}: a step is from an amount with a rate between 0 and 1, both as text")
