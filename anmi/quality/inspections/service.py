"""Inspections: looked through, taken by an inspector, decided finding by finding; and what they come to together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased

from anmi.core import inspection_queue
from anmi.core.audit_actions import AuditAction
from anmi.core.hearing_backlog import Backlog
from anmi.core.inspection.model import Call as SpokenCall
from anmi.core.inspection.model import Severity
from anmi.core.inspection_queue import QueuedFor
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.core.quality_codes import VIOLATIONS
from anmi.identity.people.models import NAME
from anmi.kit.errors import Conflict, Forbidden, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.inspections import repository
from anmi.quality.inspections.events import InspectionDecided
from anmi.quality.inspections.gathering import gather
from anmi.quality.inspections.models import CallFinding, CallInspection, InspectionState, Verdict
from anmi.quality.inspections.reading import TOPIC, Inspectors, Reading, score_of, write_score
from anmi.quality.inspections.repository import InspectionRow, RuleFigure
from anmi.quality.scorecards.service import Scorecards, usual
from anmi.telephony.calls.models import Call
from anmi.telephony.transcripts.service import Transcripts

__all__ = ["InspectionFilter", "Inspections", "Inspectors", "Reading", "RuleFigure", "in_sight"]

OPEN_TO_TAKE: Final = frozenset({InspectionState.QUEUED, InspectionState.BY_MACHINE})


class InspectionTaken(Conflict):
    """Another inspector has this call in hand."""

    code = "INSPECTION_TAKEN"
    zh, en = "该通话已由其他质检员领取", "Another inspector has taken this call"


class InspectionNotYours(Conflict):
    """A call is decided by whoever has taken it."""

    code = "INSPECTION_NOT_TAKEN"
    zh, en = "请先领取该通话再评定", "Take the call before you decide on it"


class OwnCall(Forbidden):
    """Nobody inspects a call of her own."""

    code = "INSPECTION_OF_OWN_CALL"
    zh, en = "不能质检自己的通话", "Nobody inspects a call of her own"


class UnknownFinding(Invalid):
    """There is no such violation."""

    code = "FINDING_UNKNOWN"
    zh, en = "没有违规代码 {finding}", "There is no violation {finding}"


@dataclass(frozen=True, slots=True)
class InspectionFilter:
    """What somebody wants to see."""

    states: frozenset[InspectionState] = frozenset()
    queued_for: frozenset[QueuedFor] = frozenset()
    codes: frozenset[str] = frozenset()
    person_id: UUID | None = None
    unit_id: UUID | None = None
    creditor_id: UUID | None = None
    inspector_id: UUID | None = None
    call_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None
    vetoed: bool | None = None


@dataclass(frozen=True, slots=True)
class InspectionView:
    """An inspection as a list shows it."""

    row: InspectionRow
    name: str | None
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class InspectionDetail:
    """An inspection as an inspector works on it."""

    row: InspectionRow
    name: str | None
    findings: Sequence[CallFinding]


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A line of the quality figures."""

    key: str | None
    name: str | None
    calls: int
    average: int
    vetoed: int
    by_people: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What an inspector says of one finding."""

    finding_id: UUID
    verdict: Verdict
    note: str | None = None


@dataclass(frozen=True, slots=True)
class FindingToAdd:
    """What the machine did not hear."""

    code: str
    severity: Severity
    utterance: int | None
    began_ms: int | None
    evidence: str


@dataclass(frozen=True, slots=True)
class HearingBacklog:
    """What waits to be turned into text, and what waits to be held against the rules."""

    unheard: Backlog
    milliseconds: int
    """Of sound that waits."""
    unread: Backlog
    now: datetime

    @property
    def is_late(self) -> bool:
        """Tell whether somebody should look why it takes so long."""
        return self.unheard.is_late(self.now) or self.unread.is_late(self.now)


class Inspections:
    """The inspections of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, wanted: InspectionFilter, ask: Ask) -> tuple[list[InspectionView], str | None]:
        """Return inspections within sight."""
        rows, following = await repository.page(self._unit.session, self._conditions(wanted), ask)
        found = await repository.found_codes(self._unit.session, [row.inspection.id for row in rows])
        views = [
            InspectionView(row, self._name(row.name_sealed), _standing_codes(found[row.inspection.id])) for row in rows
        ]
        return views, following

    async def counts(self, wanted: InspectionFilter) -> Mapping[InspectionState, int]:
        """Count inspections within sight, by state."""
        return await repository.counts(self._unit.session, self._conditions(wanted))

    async def get(self, inspection_id: UUID) -> InspectionDetail:
        """Return an inspection within sight, with what was found."""
        await self._unit.session.flush()
        return await self._one(CallInspection.id == inspection_id)

    async def of_call(self, call_id: UUID) -> InspectionDetail:
        """Return the inspection of a call within sight."""
        return await self._one(CallInspection.call_id == call_id)

    async def as_spoken(self, call: Call) -> SpokenCall:
        """Return a call as the rules read it."""
        written = await repository.transcript(self._unit.session, call.id)
        return (await gather(self._unit, call, written)).spoken

    async def next_in_queue(self) -> InspectionDetail | None:
        """Take the call that waits most urgently; None when nothing waits."""
        queue = InspectionFilter(states=frozenset({InspectionState.QUEUED}))
        rows, _ = await repository.page(self._unit.session, self._conditions(queue), Ask(limit=20, sort="-priority"))
        for row in rows:
            if row.inspection.person_id != self._unit.caller.person_id:
                return await self.take(row.inspection.id)
        return None

    async def take(self, inspection_id: UUID) -> InspectionDetail:
        """Take a call in hand."""
        kept = await self._locked(inspection_id)
        person_id = self._unit.caller.person_id
        if kept.person_id is not None and kept.person_id == person_id:
            raise OwnCall
        if kept.state is InspectionState.TAKEN and kept.inspector_id != person_id:
            raise InspectionTaken
        if kept.state is not InspectionState.TAKEN:
            kept.state, kept.inspector_id, kept.taken_at = InspectionState.TAKEN, person_id, self._unit.now
            kept.version += 1
            self._tell(kept, "InspectionTaken")
        return await self.get(inspection_id)

    async def give_back(self, inspection_id: UUID) -> InspectionDetail:
        """Put a call back into the queue."""
        kept = await self._in_hand(inspection_id)
        kept.state = InspectionState.QUEUED if kept.queued_for else InspectionState.BY_MACHINE
        kept.inspector_id, kept.taken_at = None, None
        kept.version += 1
        self._tell(kept, "InspectionGivenBack")
        return await self.get(inspection_id)

    async def ask_for(self, inspection_id: UUID, reason: QueuedFor = QueuedFor.ASKED) -> None:
        """Ask that a person looks at a call."""
        kept = await self._locked(inspection_id)
        if kept.state is InspectionState.BY_MACHINE:
            kept.state, kept.queued_for = InspectionState.QUEUED, reason
            kept.priority = inspection_queue.PRIORITIES[reason]
            kept.version += 1
            self._tell(kept, "InspectionQueued")

    async def decide(
        self,
        inspection_id: UUID,
        version: int,
        decisions: Sequence[Decision],
        added: Sequence[FindingToAdd],
        note: str | None,
    ) -> InspectionDetail:
        """Have the last word on a call: finding by finding, with what the machine missed; the rest is agreed to."""
        kept = await self._in_hand(inspection_id)
        kept.edit(version)
        findings = {finding.id: finding for finding in await repository.findings(self._unit.session, inspection_id)}
        spoken_of = {decision.finding_id: decision for decision in decisions}
        if spoken_of.keys() - findings.keys():
            raise NotFound
        for finding in findings.values():
            decision = spoken_of.get(finding.id)
            if decision is not None or finding.verdict is Verdict.OPEN:
                verdict = decision.verdict if decision else Verdict.AGREED
                self.say(finding, verdict, decision.note if decision else None)
        for each in added:
            self._unit.session.add(self._added(kept, each))
        await self._unit.session.flush()
        kept.state, kept.note = InspectionState.INSPECTED, mask_digits(note) if note else None
        kept.inspected_at = self._unit.now
        await self.rescore(kept)
        self._unit.remember(
            AuditAction.CALL_INSPECTED,
            ("inspection", kept.id),
            call_id=kept.call_id,
            score=kept.score,
            machine_score=kept.machine_score,
        )
        self._unit.announce(InspectionDecided(kept.id, kept.call_id, kept.person_id, kept.unit_id))
        self._tell(kept, "InspectionDecided")
        return await self.get(inspection_id)

    async def rescore(self, kept: CallInspection) -> None:
        """Score a call anew by what stands of its findings."""
        card = await Scorecards(self._unit).get(kept.scorecard_id) if kept.scorecard_id else usual()
        findings = await repository.findings(self._unit.session, kept.id)
        write_score(kept, score_of(card.criteria, findings, kept.missing))

    def say(self, finding: CallFinding, verdict: Verdict, note: str | None) -> None:
        """Write a person's word on a finding."""
        finding.verdict, finding.verdict_note = verdict, mask_digits(note) if note else None
        finding.verdict_by, finding.verdict_at = self._unit.caller.person_id, self._unit.now

    async def forget_words(self, call_id: UUID) -> None:
        """Let go of the words of a call whose recording has been deleted; what people decided on it stands."""
        await repository.drop_words(self._unit.session, call_id)

    async def figures(self, by: str, wanted: InspectionFilter) -> list[NamedFigure]:
        """Return figures by agent, team or creditor."""
        found = await repository.figures(self._unit.session, by, self._conditions(wanted))
        return [
            NamedFigure(
                each.key,
                each.name or self._name(each.name_sealed),
                each.calls,
                each.average,
                each.vetoed,
                each.by_people,
            )
            for each in found
        ]

    async def rule_figures(self, wanted: InspectionFilter) -> Sequence[RuleFigure]:
        """Return for every rule how often it fired and how often people agreed."""
        return await repository.rule_figures(self._unit.session, self._conditions(wanted))

    async def backlog(self) -> HearingBacklog:
        """Say what waits for the recogniser and for the rules, over the whole agency."""
        heard = await Transcripts(self._unit).backlog()
        return HearingBacklog(
            Backlog(heard.waiting, heard.oldest_at),
            heard.milliseconds,
            await repository.unread(self._unit.session),
            self._unit.now,
        )

    async def _one(self, condition: ColumnElement[bool]) -> InspectionDetail:
        row = await repository.one(self._unit.session, condition, in_sight(self._unit))
        if row is None:
            raise NotFound
        findings = await repository.findings(self._unit.session, row.inspection.id)
        return InspectionDetail(row, self._name(row.name_sealed), findings)

    async def _locked(self, inspection_id: UUID) -> CallInspection:
        row = await repository.one(self._unit.session, CallInspection.id == inspection_id, in_sight(self._unit))
        kept = await repository.locked(self._unit.session, inspection_id) if row else None
        if kept is None:
            raise NotFound
        return kept

    async def _in_hand(self, inspection_id: UUID) -> CallInspection:
        kept = await self._locked(inspection_id)
        if kept.state is not InspectionState.TAKEN or kept.inspector_id != self._unit.caller.person_id:
            raise InspectionNotYours
        return kept

    def _added(self, kept: CallInspection, added: FindingToAdd) -> CallFinding:
        if added.code not in VIOLATIONS:
            raise UnknownFinding(finding=added.code)
        finding = CallFinding(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            inspection_id=kept.id,
            code=added.code,
            severity=added.severity,
            utterance=added.utterance,
            began_ms=added.began_ms,
            evidence=mask_digits(added.evidence),
            is_live=False,
        )
        self.say(finding, Verdict.ADDED, None)
        return finding

    def _tell(self, kept: CallInspection, kind: str) -> None:
        self._unit.tell(TOPIC, kind, inspection_id=kept.id, holder_id=kept.person_id, unit_id=kept.unit_id)

    def _name(self, sealed: bytes | None) -> str | None:
        return self._unit.open(NAME, sealed) if sealed is not None else None

    def _conditions(self, wanted: InspectionFilter) -> list[ColumnElement[bool]]:
        conditions = [in_sight(self._unit), *_of_fields(wanted)]
        if wanted.codes:
            # An alias: the figures of rules ask about findings themselves.
            found = aliased(CallFinding)
            standing = found.code.in_(wanted.codes), found.verdict != Verdict.OVERRULED
            conditions.append(exists().where(found.inspection_id == CallInspection.id, *standing))
        return conditions


def in_sight(unit: UnitOfWork) -> ColumnElement[bool]:
    """Say which inspections a caller sees: those within reach, but none of a call that she judges blind at the time."""
    reach = unit.rights.of(Permission.INSPECTIONS_READ)
    reached = in_reach(reach, unit.caller, CallInspection.unit_id, CallInspection.person_id)
    if unit.caller.person_id is None:
        return reached
    return reached & ~CallInspection.blind_judges.contains([unit.caller.person_id])


def _of_fields(wanted: InspectionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.states:
        yield CallInspection.state.in_(wanted.states)
    if wanted.queued_for:
        yield CallInspection.queued_for.in_(wanted.queued_for)
    if wanted.since is not None:
        yield CallInspection.called_at >= wanted.since
    if wanted.until is not None:
        yield CallInspection.called_at < wanted.until
    if wanted.below is not None:
        yield CallInspection.score < wanted.below
    if wanted.vetoed is not None:
        yield CallInspection.is_vetoed.is_(wanted.vetoed)
    same: tuple[tuple[Any, UUID | None], ...] = (
        (CallInspection.person_id, wanted.person_id),
        (CallInspection.unit_id, wanted.unit_id),
        (CallInspection.owner_id, wanted.creditor_id),
        (CallInspection.inspector_id, wanted.inspector_id),
        (CallInspection.call_id, wanted.call_id),
    )
    yield from (column == value for column, value in same if value is not None)


def _standing_codes(found: Sequence[tuple[str, Verdict]]) -> list[str]:
    return list(dict.fromkeys(code for code, verdict in found if verdict is not Verdict.OVERRULED))
