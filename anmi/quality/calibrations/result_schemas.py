"""The result of a round, and the machine's precision from real reviews, as HTTP sees them; shares are from 0 to 1."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from anmi.core.calibration import Agreement, Strength, Tally
from anmi.kit.fields import Seen
from anmi.quality.calibrations.comparing import CallCompared, Compared, RuleReviewed
from anmi.quality.calibrations.schemas import CalibrationRatingSeen, talked_seconds
from anmi.quality.calibrations.service import Judge, Round


class AgreementSeen(Seen):
    """How far people agree: `share` is plain, `kappa` beyond chance; null where there was nothing to agree on."""

    items: int
    share: float | None
    kappa: float | None
    strength: Strength | None

    @classmethod
    def of(cls, agreement: Agreement) -> AgreementSeen:
        """Return it as HTTP says it."""
        return cls(
            items=agreement.items,
            share=_rounded(agreement.share),
            kappa=_rounded(agreement.kappa),
            strength=agreement.strength,
        )


class MachineTallySeen(Seen):
    """The machine against most inspectors."""

    agreed: int
    invented: int
    overlooked: int
    undecided: int
    precision: float | None
    recall: float | None

    @classmethod
    def of(cls, tally: Tally) -> MachineTallySeen:
        """Return it as HTTP says it."""
        return cls(
            agreed=tally.agreed,
            invented=tally.invented,
            overlooked=tally.overlooked,
            undecided=tally.undecided,
            precision=_rounded(tally.precision),
            recall=_rounded(tally.recall),
        )


class JudgeComparedSeen(Seen):
    """One inspector of a round."""

    person_id: UUID
    name: str
    rated: int
    with_machine: AgreementSeen


class PairComparedSeen(Seen):
    """Two inspectors over the calls both have judged; the kappa is Cohen's."""

    one: UUID
    other: UUID
    agreement: AgreementSeen


class CodeComparedSeen(Seen):
    """One violation over the whole round; the kappa is Fleiss'."""

    code: str
    named: int
    agreement: AgreementSeen
    machine: MachineTallySeen


class CodeNamedSeen(Seen):
    """Who named a violation on a call."""

    code: str
    people: list[UUID]
    by_machine: bool
    is_divided: bool


class CallRatingSeen(CalibrationRatingSeen):
    """What one inspector said of a call, with who she is."""

    person_id: UUID


class CallComparedSeen(Seen):
    """One call of a round, now that nothing is blind any more."""

    call_id: UUID
    inspection_id: UUID
    called_at: datetime
    talked_seconds: int
    recording_id: UUID | None
    machine_score: int
    codes: list[CodeNamedSeen]
    ratings: list[CallRatingSeen]
    spread: int | None
    """From the lowest to the highest score."""


class CalibrationResultSeen(Seen):
    """What a round has come to."""

    id: UUID
    name: str
    closed_at: datetime | None
    overall: AgreementSeen
    machine: MachineTallySeen
    judges: list[JudgeComparedSeen]
    pairs: list[PairComparedSeen]
    codes: list[CodeComparedSeen]
    calls: list[CallComparedSeen]

    @classmethod
    def of(cls, compared: Compared) -> CalibrationResultSeen:
        """Return it as HTTP says it."""
        row = compared.round.row
        return cls(
            id=row.id,
            name=row.name,
            closed_at=row.closed_at,
            overall=AgreementSeen.of(compared.overall),
            machine=MachineTallySeen.of(compared.machine),
            judges=[
                JudgeComparedSeen(
                    person_id=each.judge.person_id,
                    name=each.judge.name,
                    rated=each.rated,
                    with_machine=AgreementSeen.of(each.with_machine),
                )
                for each in compared.judges
            ],
            pairs=[
                PairComparedSeen(one=_id(each.one), other=_id(each.other), agreement=AgreementSeen.of(each.agreement))
                for each in compared.pairs
            ],
            codes=[
                CodeComparedSeen(
                    code=each.code,
                    named=each.named,
                    agreement=AgreementSeen.of(each.agreement),
                    machine=MachineTallySeen.of(each.machine),
                )
                for each in compared.codes
            ],
            calls=[_call(compared.round, each) for each in compared.calls],
        )


class RuleReviewedSeen(Seen):
    """A rule by the word of people: how much of what it found stood, and between which shares that likely lies."""

    rule_id: str
    code: str
    found: int
    reviewed: int
    agreed: int
    overruled: int
    precision: float | None
    overruled_share: float | None
    likely_from: float | None
    likely_to: float | None

    @classmethod
    def of(cls, rule: RuleReviewed) -> RuleReviewedSeen:
        """Return it as HTTP says it."""
        precision = _rounded(rule.precision)
        return cls(
            rule_id=rule.rule_id,
            code=rule.code,
            found=rule.found,
            reviewed=rule.reviewed,
            agreed=rule.agreed,
            overruled=rule.overruled,
            precision=precision,
            overruled_share=None if precision is None else _rounded(1 - precision),
            likely_from=_rounded(rule.likely[0]) if rule.likely else None,
            likely_to=_rounded(rule.likely[1]) if rule.likely else None,
        )


class MachineReviewedSeen(Seen):
    """The machine by the word of people, from real reviews."""

    rules: list[RuleReviewedSeen]
    added: dict[str, int]
    """Violations people heard and no rule found, by code."""

    @classmethod
    def of(cls, rules: list[RuleReviewed], added: dict[str, int]) -> MachineReviewedSeen:
        """Return it as HTTP says it."""
        return cls(rules=[RuleReviewedSeen.of(rule) for rule in rules], added=added)


def _call(found: Round, compared: CallCompared) -> CallComparedSeen:
    judged = compared.call
    return CallComparedSeen(
        call_id=judged.call.id,
        inspection_id=judged.inspection.id,
        called_at=judged.inspection.called_at,
        talked_seconds=talked_seconds(judged),
        recording_id=judged.recording_id,
        machine_score=judged.row.machine_score,
        codes=[
            CodeNamedSeen(
                code=code,
                people=list(people),
                by_machine=code in judged.row.machine,
                is_divided=code in compared.divided,
            )
            for code, people in compared.named
        ],
        ratings=[
            CallRatingSeen(**CalibrationRatingSeen.of(rating).model_dump(), person_id=rating.person_id)
            for rating in found.ratings.get(judged.row.id, ())
        ],
        spread=compared.spread,
    )


def _id(judge: Judge) -> UUID:
    return judge.person_id


def _rounded(share: Fraction | float | None) -> float | None:
    return None if share is None else round(float(share), 4)
