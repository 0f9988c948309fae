"""What a closed round comes to: inspectors against one another, and the machine against most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from anmi.core import calibration as rule_book
from anmi.core.calibration import Agreement, Sheet, Tally
from anmi.quality.calibrations.repository import JudgedCall
from anmi.quality.calibrations.service import Judge, Round
from anmi.quality.inspections.service import RuleFigure


@dataclass(frozen=True, slots=True)
class JudgeCompared:
    """One inspector: how much she has judged, and how far she is with the machine."""

    judge: Judge
    rated: int
    with_machine: Agreement


@dataclass(frozen=True, slots=True)
class PairCompared:
    """Two inspectors over the calls both have judged."""

    one: Judge
    other: Judge
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class CodeCompared:
    """One violation: how far inspectors agree on it, and how right the machine was."""

    code: str
    named: int
    """How often an inspector has named it."""
    agreement: Agreement
    machine: Tally


@dataclass(frozen=True, slots=True)
class CallCompared:
    """One call: who named what."""

    call: JudgedCall
    named: tuple[tuple[str, tuple[UUID, ...]], ...]
    """Codes, each with the inspectors who named it."""
    divided: tuple[str, ...]
    """Codes on which the inspectors are not of one mind."""
    scores: tuple[tuple[UUID, int], ...]
    spread: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """The result of a round."""

    round: Round
    overall: Agreement
    machine: Tally
    judges: tuple[JudgeCompared, ...]
    pairs: tuple[PairCompared, ...]
    codes: tuple[CodeCompared, ...]
    calls: tuple[CallCompared, ...]


@dataclass(frozen=True, slots=True)
class RuleReviewed:
    """A rule by the word of people, from real reviews; shares are None where nobody has spoken."""

    rule_id: str
    code: str
    found: int
    agreed: int
    overruled: int
    precision: float | None
    likely: tuple[float, float] | None

    @property
    def reviewed(self) -> int:
        """How many of its findings people have spoken of."""
        return self.agreed + self.overruled


def compare(found: Round) -> Compared:
    """Compare a closed round."""
    sheets = [_sheet(found, call) for call in found.calls]
    codes = rule_book.codes_named(sheets)
    by_id = {str(judge.person_id): judge for judge in found.judges}
    return Compared(
        found,
        rule_book.among_judges(sheets, codes),
        rule_book.against_machine(sheets, codes),
        tuple(
            JudgeCompared(
                judge, sum(key in sheet.judges for sheet in sheets), rule_book.with_machine(sheets, key, codes)
            )
            for key, judge in by_id.items()
        ),
        tuple(
            PairCompared(by_id[one], by_id[other], rule_book.between(sheets, one, other, codes))
            for one, other in rule_book.pairs_of(list(by_id))
        ),
        tuple(_code(sheets, code) for code in codes),
        tuple(_call(found, call, sheet) for call, sheet in zip(found.calls, sheets, strict=True)),
    )


def reviewed(figures: Sequence[RuleFigure]) -> tuple[list[RuleReviewed], dict[str, int]]:
    """Return every rule by the word of people, and how often people added a violation that no rule had found."""
    rules = [
        RuleReviewed(
            each.rule_id,
            each.code,
            each.found,
            each.agreed,
            each.overruled,
            each.agreed / (each.agreed + each.overruled) if each.agreed + each.overruled else None,
            rule_book.likely(each.agreed, each.agreed + each.overruled),
        )
        for each in figures
        if each.rule_id is not None
    ]
    return rules, {each.code: each.found for each in figures if each.rule_id is None}


def _sheet(found: Round, call: JudgedCall) -> Sheet:
    ratings = found.ratings.get(call.row.id, ())
    return Sheet(
        {str(rating.person_id): frozenset(named["code"] for named in rating.found) for rating in ratings},
        frozenset(call.row.machine),
    )


def _code(sheets: Sequence[Sheet], code: str) -> CodeCompared:
    return CodeCompared(
        code,
        sum(code in named for sheet in sheets for named in sheet.judges.values()),
        rule_book.among_judges(sheets, [code]),
        rule_book.against_machine(sheets, [code]),
    )


def _call(found: Round, call: JudgedCall, sheet: Sheet) -> CallCompared:
    codes = rule_book.codes_named([sheet])
    named = tuple((code, tuple(UUID(key) for key, own in sheet.judges.items() if code in own)) for code in codes)
    ratings = found.ratings.get(call.row.id, ())
    return CallCompared(
        call,
        named,
        tuple(code for code, people in named if 0 < len(people) < len(sheet.judges)),
        tuple((rating.person_id, rating.score) for rating in ratings),
        rule_book.spread([rating.score for rating in ratings]),
    )
