"""Reconciliation (对账): bank statement lines matched to claimed payments and to accounts; the rest is a worklist.

A match needs the exact amount of a claim or no claim at all, and something that points to the person: the account's
tail, an unmasked name or the number of the case. Whatever contradicts, or fits two cases, is left to a human. Nothing
is matched twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from anmi.core.money import Money


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One credit on the bank's statement; banks often mask the payer's name (张*) or leave it out."""

    line_id: str
    on: date
    amount: Money
    account_tail: str | None = None
    name: str | None = None
    case_id: str | None = None
    """The case, where the statement names it by its number."""


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An account money may be for: its case, the tail of its number, and who may pay for it."""

    account_id: str
    case_id: str
    account_tail: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A payment somebody says was made (称已还/待对账)."""

    claim_id: str
    account_id: str
    on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How many days a claim and its line may lie apart, the tail's digits, and whether an unclaimed line may match."""

    days: int
    tail_digits: int
    without_claim: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A line that belongs to an account, by its claim or, without one, by tail and name together."""

    line_id: str
    account_id: str
    claim_id: str | None


class Doubt(StrEnum):
    """Why a line is left to a human."""

    NOBODY_FITS = "nobody_fits"
    SEVERAL_FIT = "several_fit"
    TOO_LITTLE_SAID = "too_little_said"
    NOT_CLAIMED = "not_claimed"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line for the worklist, with the accounts it may be for."""

    line_id: str
    doubt: Doubt
    account_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every line is either matched or open; claims without money stay open as well."""

    matches: tuple[Match, ...]
    open_lines: tuple[OpenLine, ...]
    open_claims: tuple[str, ...]


def reconcile(
    lines: Sequence[StatementLine], claims: Iterable[Claim], accounts: Iterable[OpenAccount], within: Tolerances
) -> Reconciliation:
    """Match lines to claims and accounts. The order in which any of them is given makes no difference."""
    book = _Book(accounts, within)
    unpaid = {claim.claim_id: claim for claim in sorted(claims, key=lambda claim: (claim.on, claim.claim_id))}
    by_amount: dict[Money, list[Claim]] = defaultdict(list)
    for claim in unpaid.values():
        by_amount[claim.amount].append(claim)
    matches: list[Match] = []
    left: list[StatementLine] = []
    # Certain lines choose first, so that an uncertain one does not take what is theirs.
    for line in sorted(lines, key=lambda line: (-_certainty(line), line.on, line.line_id)):
        claim = _claim_for(line, by_amount[line.amount], unpaid, book, within)
        if claim is None:
            left.append(line)
        else:
            del unpaid[claim.claim_id]
            matches.append(Match(line.line_id, claim.account_id, claim.claim_id))
    open_lines: list[OpenLine] = []
    for line in left:
        match _without_claim(line, book, within):
            case Match() as match:
                matches.append(match)
            case OpenLine() as open_line:
                open_lines.append(open_line)
    return Reconciliation(tuple(matches), tuple(open_lines), tuple(unpaid))


class _Book:
    """The open accounts, found by what a statement line says."""

    def __init__(self, accounts: Iterable[OpenAccount], within: Tolerances) -> None:
        self.by_id = {account.account_id: account for account in accounts}
        self._digits = within.tail_digits
        self._by_case: dict[str, list[OpenAccount]] = defaultdict(list)
        self._by_tail: dict[str, list[OpenAccount]] = defaultdict(list)
        self._by_first: dict[str, list[OpenAccount]] = defaultdict(list)
        self._by_last: dict[str, list[OpenAccount]] = defaultdict(list)
        for account in sorted(self.by_id.values(), key=lambda account: account.account_id):
            self._by_case[account.case_id].append(account)
            self._by_tail[self._tail(account.account_tail)].append(account)
            for first in {name[:1] for name in account.names}:
                self._by_first[first].append(account)
            for last in {name[-1:] for name in account.names}:
                self._by_last[last].append(account)

    def fitting(self, line: StatementLine) -> list[OpenAccount]:
        """Return the accounts for which everything the line says is true; a line that says nothing fits none."""
        if line.case_id is not None:
            candidates = [one for one in self._by_case[line.case_id] if self._has_tail(one, line.account_tail)]
        elif line.account_tail is not None:
            candidates = self._by_tail[self._tail(line.account_tail)]
        elif line.name is None:
            return []
        elif line.name.startswith("*"):
            candidates = self._by_last[line.name[-1:]]
        else:
            candidates = self._by_first[line.name[:1]]
        return [account for account in candidates if line.name is None or _is_named(account.names, line.name)]

    def _has_tail(self, account: OpenAccount, tail: str | None) -> bool:
        return tail is None or self._tail(account.account_tail) == self._tail(tail)

    def _tail(self, number: str) -> str:
        return number[-self._digits :]


def _certainty(line: StatementLine) -> int:
    """Count what points to a person: the case, the tail of the account, and a name that is written out."""
    is_named = line.name is not None and "*" not in line.name
    return 2 * (line.case_id is not None) + (line.account_tail is not None) + is_named


def _claim_for(
    line: StatementLine, same_amount: Sequence[Claim], unpaid: Mapping[str, Claim], book: _Book, within: Tolerances
) -> Claim | None:
    if not _certainty(line):
        return None
    # A claim is for a case: the line may name another of its accounts.
    fitting = {account.case_id for account in book.fitting(line)}
    candidates = [
        claim
        for claim in same_amount
        if claim.claim_id in unpaid
        and book.by_id[claim.account_id].case_id in fitting
        and abs((claim.on - line.on).days) <= within.days
    ]
    if len({book.by_id[claim.account_id].case_id for claim in candidates}) != 1:
        return None
    return min(candidates, key=lambda claim: (abs((claim.on - line.on).days), claim.on, claim.claim_id))


def _without_claim(line: StatementLine, book: _Book, within: Tolerances) -> Match | OpenLine:
    fitting = book.fitting(line)
    is_sure = line.account_tail is not None and line.name is not None and len(fitting) == 1
    if within.without_claim and fitting and (line.case_id is not None or is_sure):
        return Match(line.line_id, fitting[0].account_id, None)
    return OpenLine(line.line_id, _doubt(line, fitting), tuple(account.account_id for account in fitting))


def _doubt(line: StatementLine, fitting: Sequence[OpenAccount]) -> Doubt:
    if not fitting:
        return Doubt.NOBODY_FITS
    if len(fitting) > 1:
        return Doubt.SEVERAL_FIT
    return Doubt.NOT_CLAIMED if _certainty(line) else Doubt.TOO_LITTLE_SAID


def _is_named(names: frozenset[str], written: str) -> bool:
    """Whether a name as the bank writes it, perhaps with stars, is one of `names`."""
    return any(
        len(name) == len(written) and all(theirs in {"*", ours} for ours, theirs in zip(name, written, strict=True))
        for name in names
    )
