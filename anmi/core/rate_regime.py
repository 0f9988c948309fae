"""Which cap on rates and fees a loan falls under, and a warning where a claim implies more.

A warning is a reason to look, never a statement on legality: caps, dates and the LPR (贷款市场报价利率) are data, and a
flat "36%" is nobody's cap any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from anmi.core.money import Money
from anmi.core.tables import names, rate, rows


class CreditorType(StrEnum):
    """What kind of lender stands at the beginning of the claim."""

    BANK = "bank"
    CONSUMER_FINANCE = "consumer_finance"
    AUTO_FINANCE = "auto_finance"
    MICRO_LOAN = "micro_loan"
    ASSISTED_LENDING = "assisted_lending"  # 助贷: a bank's loan brought by a platform
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """A cap for loans of some lenders made in some time: a rate of its own, or a multiple of the LPR."""

    creditor_types: frozenset[CreditorType]
    loans_from: date
    loans_to: date | None
    rate: Fraction | None
    lpr_times: int | None
    source: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """The caps and the LPR of one year, each from the day of its publication."""

    regimes: tuple[RegimeRow, ...]
    lpr: tuple[tuple[date, Fraction], ...]

    def lpr_on(self, on: date) -> Fraction | None:
        """Return the LPR in force, or None before the first one known."""
        known = [one for since, one in self.lpr if since <= on]
        return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Regime:
    """The yearly cap that applies, and where it comes from."""

    cap: Fraction
    source: str


@dataclass(frozen=True, slots=True)
class RateWarning:
    """A claim that implies a higher yearly rate than the cap: by how much money, and under which rule."""

    implied: Fraction
    regime: Regime
    excess: Money


def rate_cap_regime(creditor_type: CreditorType, loan_date: date, table: RateTable) -> Regime | None:
    """Return the strictest cap for a loan of that lender and day; None where the table knows none."""
    regimes = [
        Regime(cap, row.source)
        for row in table.regimes
        if creditor_type in row.creditor_types
        and row.loans_from <= loan_date
        and (row.loans_to is None or loan_date <= row.loans_to)
        and (cap := _cap(row, loan_date, table)) is not None
    ]
    return min(regimes, key=lambda regime: regime.cap, default=None)


def implied_apr(principal: Money, charges: Money, days: int, days_of_year: int) -> Fraction:
    """Return the simple yearly rate at which `charges` arise on `principal` in `days`."""
    if principal.fen <= 0 or charges.fen < 0 or days < 1:
        raise ValueError("a rate is implied by charges on a principal over some days")
    return Fraction(charges.fen * days_of_year, principal.fen * days)


def warn(regime: Regime, principal: Money, charges: Money, days: int, days_of_year: int) -> RateWarning | None:
    """Warn where interest, penalties and fees together imply more than the cap; None where they do not."""
    implied = implied_apr(principal, charges, days, days_of_year)
    if implied <= regime.cap:
        return None
    return RateWarning(implied, regime, charges - principal.share(regime.cap * days / days_of_year))


def read_rate_table(data: Mapping[str, object]) -> RateTable:
    """Build the table from loaded rows; raise ValueError naming the row that cannot be read."""
    regimes = tuple(_regime_row(row) for row in rows(data.get("regime"), "rate table, regime"))
    lpr = sorted(_lpr_row(row) for row in rows(data.get("lpr"), "rate table, lpr"))
    if not regimes or len({since for since, _ in lpr}) != len(lpr):
        raise ValueError("rate table: there are regimes, and one LPR for a day")
    return RateTable(regimes, tuple(lpr))


def _cap(row: RegimeRow, loan_date: date, table: RateTable) -> Fraction | None:
    if row.lpr_times is None:
        return row.rate
    lpr = table.lpr_on(loan_date)
    return lpr * row.lpr_times if lpr is not None else None


def _regime_row(row: Mapping[str, object]) -> RegimeRow:
    match row:
        case {"creditor_types": types, "loans_from": date() as since, "source": str(source)}:
            end, times = row.get("loans_to"), row.get("lpr_times")
            own = rate(row["rate"], f"rate table, {source}") if "rate" in row else None
            lenders = frozenset(CreditorType(name) for name in names(types, f"rate table, {source}"))
            if not lenders or not isinstance(end, date | None) or not isinstance(times, int | None):
                raise ValueError(f"rate table, {source}: lenders, and loans_to a day if there is one")
            if (times is None) == (own is None):
                raise ValueError(f"rate table, {source}: either a rate or lpr_times")
            return RegimeRow(lenders, since, end, own, times, source)
        case _:
            raise ValueError(f"rate table, {row.get('source')}: creditor_types, loans_from and source are needed")


def _lpr_row(row: Mapping[str, object]) -> tuple[date, Fraction]:
    match row:
        case {"since": date() as since, "rate": text}:
            return since, rate(text, "rate table")
        case _:
            raise ValueError(f"rate table, LPR of {row.get('since')}: since a day, and rate as text")
