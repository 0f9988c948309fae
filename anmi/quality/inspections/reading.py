"""The machine's reading of one call: the rules are held against it, and what they find is written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from anmi.core import inspection_queue, scorecards
from anmi.core.alarms import AlarmKind
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Finding, Inspection, Severity
from anmi.core.inspection.writing import extracted_of
from anmi.core.transcripts import DEBTOR_CHANNEL, masked
from anmi.kit.errors import NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.alarms.service import Alarms
from anmi.quality.inspections import repository
from anmi.quality.inspections.events import CallInspected
from anmi.quality.inspections.gathering import Gathered, gather
from anmi.quality.inspections.models import CallFinding, CallInspection, InspectionState, Verdict
from anmi.quality.scorecards.service import Scorecards
from anmi.telephony.transcripts.models import CallTranscript, TranscriptState

TOPIC = "inspections"

Inspectors: TypeAlias = Callable[[UnitOfWork], Awaitable[Inspector]]
"""Returns the inspector of an agency, with the rules it has in force."""

_STANDING = frozenset({Verdict.OPEN, Verdict.AGREED, Verdict.ADDED})


class Reading:
    """Reads calls, for one agency."""

    def __init__(self, unit: UnitOfWork, random_percent: int = 2) -> None:
        self._unit = unit
        self._random_percent = random_percent

    async def read(self, call_id: UUID, inspector: Inspector) -> CallInspection:
        """Hold a call against the rules. Read again, what people have said of it stands."""
        session = self._unit.session
        call = await repository.call(session, call_id)
        if call is None:
            raise NotFound
        transcript = await repository.transcript(session, call_id)
        is_written = transcript is not None and transcript.state is TranscriptState.WRITTEN
        gathered = await gather(self._unit, call, transcript if is_written else None)
        result = inspector.inspect(gathered.spoken)
        kept = await self._keep(gathered, result, inspector.pack.version)
        await self._note(kept, gathered, result.findings)
        await self._settle(kept, gathered, transcript)
        self._unit.announce(CallInspected(kept.id, call_id, kept.person_id, kept.unit_id))
        self._unit.tell(TOPIC, "CallInspected", call_id=call_id, holder_id=kept.person_id, unit_id=kept.unit_id)
        return kept

    async def _keep(self, gathered: Gathered, result: Inspection, pack_version: str) -> CallInspection:
        session, call = self._unit.session, gathered.call
        kept = await repository.of_call(session, call.id)
        if kept is None:
            kept = CallInspection(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                call_id=call.id,
                called_at=call.asked_at,
                person_id=call.person_id,
                unit_id=call.unit_id,
                owner_id=gathered.creditor_id,
                state=InspectionState.BY_MACHINE,
                priority=0,
                machine_score=0,
                score=0,
                is_vetoed=False,
                points={},
                version=1,
            )
            session.add(kept)
        kept.pack_version, kept.missing = pack_version, list(result.missing)
        kept.extracted = extracted_of(result.extracted)
        kept.inspected_by_machine_at = self._unit.now
        await session.flush()
        return kept

    async def _note(self, kept: CallInspection, gathered: Gathered, found: Sequence[Finding]) -> None:
        session = self._unit.session
        await repository.drop_undecided(session, kept.id)
        known = {(finding.code, finding.utterance) for finding in await repository.findings(session, kept.id)}
        alarmed = {alarm.code for alarm in await Alarms(self._unit).of_call(gathered.call.id)}
        for finding in found:
            line = gathered.lines[finding.turn] if finding.turn is not None else None
            if (finding.code, line.number if line else None) in known:
                continue
            rule_id, _, version = finding.rule_version.partition("@")
            session.add(
                CallFinding(
                    id=new_id(),
                    tenant_id=self._unit.tenant_id,
                    inspection_id=kept.id,
                    code=finding.code,
                    severity=finding.severity,
                    rule_id=rule_id,
                    rule_version=version,
                    utterance=line.number if line else None,
                    began_ms=line.began_ms if line else None,
                    ended_ms=line.ended_ms if line else None,
                    evidence=masked(finding.evidence),
                    is_live=finding.code in alarmed,
                    verdict=Verdict.OPEN,
                )
            )
        await session.flush()

    async def _settle(self, kept: CallInspection, gathered: Gathered, transcript: CallTranscript | None) -> None:
        """Score the call, and say whether a person should look."""
        card = await Scorecards(self._unit).for_calls_of(kept.owner_id)
        kept.scorecard_id = card.row.id if card.row else None
        standing = await repository.findings(self._unit.session, kept.id)
        scored = score_of(card.criteria, standing, kept.missing)
        kept.machine_score = scored.total
        if kept.state not in {InspectionState.BY_MACHINE, InspectionState.QUEUED}:
            return
        write_score(kept, scored)
        ours = [line for line in gathered.lines if line.channel != DEBTOR_CHANNEL]
        sure = [line.confidence for line in ours if line.confidence is not None]
        signs = inspection_queue.Signs(
            kept.call_id,
            any(finding.severity is Severity.CRITICAL for finding in standing),
            scored.total,
            card.passing,
            sum(sure) // len(sure) if sure else None,
            bool(transcript and transcript.missed),
            sum(line.ended_ms - line.began_ms for line in ours) / 1000,
            await self._was_alarmed(gathered),
        )
        reason = inspection_queue.queued_for(signs, self._random_percent)
        kept.queued_for = reason
        kept.state = InspectionState.QUEUED if reason else InspectionState.BY_MACHINE
        kept.priority = inspection_queue.PRIORITIES[reason] if reason else 0

    async def _was_alarmed(self, gathered: Gathered) -> bool:
        """Tell whether a violation was heard while the call lasted, whatever is found of it at leisure."""
        alarms = await Alarms(self._unit).of_call(gathered.call.id)
        return any(alarm.kind is AlarmKind.VIOLATION for alarm in alarms)


def score_of(
    criteria: Sequence[scorecards.Criterion], findings: Sequence[CallFinding], missing: Sequence[str]
) -> scorecards.Score:
    """Score a call by the findings that stand."""
    found = [(finding.code, finding.severity) for finding in findings if finding.verdict in _STANDING]
    return scorecards.score(criteria, found, missing)


def write_score(kept: CallInspection, scored: scorecards.Score) -> None:
    """Write what a call has come to."""
    kept.score, kept.is_vetoed = scored.total, scored.is_vetoed
    kept.points = {
        points.code: {"kept": points.kept, "weight": points.weight, "causes": list(points.causes)}
        for points in scored.points
    }
