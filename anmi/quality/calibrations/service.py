"""Rounds of calibration: called, judged blind by everybody who takes part, closed, and only then compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core import scorecards
from anmi.core.audit_actions import AuditAction
from anmi.core.inspection.model import Severity
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.core.quality_codes import POSITIVES, VIOLATIONS
from anmi.identity.people.models import NAME
from anmi.identity.roles.service import Roles
from anmi.kit.errors import Conflict, Forbidden, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.calibrations import repository
from anmi.quality.calibrations.models import (
    Calibration,
    CalibrationCall,
    CalibrationJudge,
    CalibrationRating,
    CalibrationState,
)
from anmi.quality.calibrations.repository import JudgedCall, Progress
from anmi.quality.inspections.models import CallInspection
from anmi.quality.scorecards.service import Scorecards

TOPIC: Final = "calibrations"


class NotAnInspector(Invalid):
    """Only inspectors take part."""

    code = "CALIBRATION_NOT_AN_INSPECTOR"
    zh, en = "参加校准的须为在职质检员", "Only inspectors at work take part in a calibration"


class CallKnown(Conflict):
    """Who has inspected a call, or was on it, does not judge it blind."""

    code = "CALIBRATION_CALL_KNOWN"
    zh, en = (
        "所选通话中有参加者自己的或已质检过的通话",
        "Somebody who takes part was on one of these calls or has inspected it",
    )


class TooFewCalls(Conflict):
    """There are no calls to draw from."""

    code = "CALIBRATION_NO_CALLS"
    zh, en = "所选期间没有可供校准的通话", "There are no calls to calibrate on in this period"


class NotTakingPart(Forbidden):
    """A round is judged by those who were asked."""

    code = "CALIBRATION_NOT_TAKING_PART"
    zh, en = "您不是本轮校准的参加者", "You do not take part in this calibration"


class CalibrationClosed(Conflict):
    """The round is over."""

    code = "CALIBRATION_CLOSED"
    zh, en = "本轮校准已结束", "This calibration is closed"


class CalibrationOpen(Conflict):
    """Nobody sees the others' judgement before the round is closed."""

    code = "CALIBRATION_OPEN"
    zh, en = "校准结束后才能查看结果", "The result is shown once the calibration is closed"


class UnknownCode(Invalid):
    """There is no such violation, or no such thing that should be said."""

    code = "CALIBRATION_UNKNOWN_CODE"
    zh, en = "没有质检代码 {named}", "There is no code {named}"


@dataclass(frozen=True, slots=True)
class Drawing:
    """Calls drawn by lot out of a period."""

    count: int
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoundToCall:
    """What somebody wants judged, and by whom: chosen calls, or calls drawn by lot."""

    name: str
    judges: tuple[UUID, ...]
    inspection_ids: tuple[UUID, ...] = ()
    drawing: Drawing | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A violation an inspector has heard."""

    code: str
    severity: Severity
    utterance: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an inspector says of one call."""

    found: tuple[Named, ...] = ()
    missing: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who may take part, or does."""

    person_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as a list shows it."""

    row: Calibration
    progress: Progress


@dataclass(frozen=True, slots=True)
class Round:
    """A round with everything in it, for the house itself: what of it is shown is up to its state."""

    row: Calibration
    judges: Sequence[Judge]
    calls: Sequence[JudgedCall]
    ratings: Mapping[UUID, Sequence[CalibrationRating]]
    """By the call's place in the round."""

    def own_rating(self, call: JudgedCall, person_id: UUID | None) -> CalibrationRating | None:
        """Return what one inspector has said of a call."""
        return next((each for each in self.ratings.get(call.row.id, ()) if each.person_id == person_id), None)


class Calibrations:
    """The calibrations of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, ask: Ask, state: CalibrationState | None = None) -> tuple[list[RoundView], str | None]:
        """Return rounds, the latest first."""
        rows, following = await repository.page(self._unit.session, ask, state)
        progress = await repository.progress(self._unit.session, [row.id for row in rows])
        return [RoundView(row, progress[row.id]) for row in rows], following

    async def inspectors(self) -> list[Judge]:
        """Return who may take part."""
        able = [role.code for role in await Roles(self._unit).all() if Permission.INSPECTIONS_WRITE in role.permissions]
        return self._named(await repository.holders(self._unit.session, able))

    async def get(self, calibration_id: UUID) -> Round:
        """Return a round."""
        await self._unit.session.flush()
        row = await repository.one(self._unit.session, calibration_id)
        if row is None:
            raise NotFound
        return await self._whole(row)

    async def closed(self, calibration_id: UUID) -> Round:
        """Return a round that may be compared."""
        found = await self.get(calibration_id)
        if found.row.state is not CalibrationState.CLOSED:
            raise CalibrationOpen
        return found

    async def call(self, wanted: RoundToCall) -> Round:
        """Give calls to several inspectors, none of whom knows them."""
        judges = list(dict.fromkeys(wanted.judges))
        if set(judges) - {judge.person_id for judge in await self.inspectors()}:
            raise NotAnInspector
        chosen = await self._chosen(wanted, judges)
        row = Calibration(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            name=mask_digits(wanted.name),
            state=CalibrationState.OPEN,
            called_by=self._unit.caller.person_id,
            called_at=self._unit.now,
            due_on=wanted.due_on,
            version=1,
        )
        self._unit.session.add(row)
        await self._unit.session.flush()
        await self._hand_out(row, judges, chosen)
        await repository.blind(self._unit.session, row.id)
        self._unit.remember(
            AuditAction.CALIBRATION_CALLED, ("calibration", row.id), calls=len(chosen), judges=len(judges)
        )
        self._tell(row, "CalibrationCalled")
        return await self.get(row.id)

    async def rate(self, calibration_id: UUID, call_id: UUID, judgement: Judgement) -> Round:
        """Say what one has heard on a call; said again, the later word counts."""
        row = await self._open(calibration_id)
        person_id = self._unit.caller.person_id
        if person_id is None or not await repository.is_judge(self._unit.session, calibration_id, person_id):
            raise NotTakingPart
        calls = await repository.calls(self._unit.session, calibration_id)
        judged = next((each for each in calls if each.call.id == call_id), None)
        if judged is None:
            raise NotFound
        _check(judgement)
        await self._keep(judged, person_id, judgement)
        self._tell(row, "CalibrationRated")
        return await self.get(calibration_id)

    async def close(self, calibration_id: UUID, version: int) -> Round:
        """End a round: from now on everybody may compare."""
        row = await self._open(calibration_id)
        row.edit(version)
        row.state, row.closed_at = CalibrationState.CLOSED, self._unit.now
        await repository.blind(self._unit.session, row.id)
        self._unit.remember(AuditAction.CALIBRATION_CLOSED, ("calibration", row.id))
        self._tell(row, "CalibrationClosed")
        return await self.get(calibration_id)

    async def _chosen(self, wanted: RoundToCall, judges: Collection[UUID]) -> list[CallInspection]:
        reach = self._unit.rights.of(Permission.INSPECTIONS_READ)
        sight = in_reach(reach, self._unit.caller, CallInspection.unit_id, CallInspection.person_id)
        if wanted.drawing is not None:
            period = [sight, *_within(wanted.drawing)]
            drawn = await repository.drawn(self._unit.session, wanted.drawing.count, period, judges)
            if not drawn:
                raise TooFewCalls
            return sorted(drawn, key=lambda row: row.called_at)
        found = await repository.inspections(self._unit.session, wanted.inspection_ids, sight)
        if set(wanted.inspection_ids) - found.keys():
            raise NotFound
        if any(row.inspector_id in judges or row.person_id in judges for row in found.values()):
            raise CallKnown
        return sorted(found.values(), key=lambda row: row.called_at)

    async def _hand_out(self, row: Calibration, judges: Sequence[UUID], chosen: Sequence[CallInspection]) -> None:
        session, tenant_id = self._unit.session, self._unit.tenant_id
        machine = await repository.machine_codes(session, [each.id for each in chosen])
        for person_id in judges:
            session.add(CalibrationJudge(id=new_id(), tenant_id=tenant_id, calibration_id=row.id, person_id=person_id))
        for rank, each in enumerate(chosen, start=1):
            session.add(
                CalibrationCall(
                    id=new_id(),
                    tenant_id=tenant_id,
                    calibration_id=row.id,
                    inspection_id=each.id,
                    rank=rank,
                    machine=[code for code in machine.get(each.id, ()) if code in VIOLATIONS],
                    machine_score=each.machine_score,
                    pack_version=each.pack_version,
                )
            )

    async def _keep(self, judged: JudgedCall, person_id: UUID, judgement: Judgement) -> None:
        rating = await repository.rating(self._unit.session, judged.row.id, person_id)
        if rating is None:
            rating = CalibrationRating(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                calibration_call_id=judged.row.id,
                person_id=person_id,
            )
            self._unit.session.add(rating)
        card = await Scorecards(self._unit).for_calls_of(judged.inspection.owner_id)
        found = [(named.code, named.severity) for named in judgement.found]
        rating.score = scorecards.score(card.criteria, found, judgement.missing).total
        rating.found = [
            {"code": named.code, "severity": named.severity.value, "utterance": named.utterance}
            for named in judgement.found
        ]
        rating.missing = sorted(set(judgement.missing))
        rating.note = mask_digits(judgement.note) if judgement.note else None
        rating.rated_at = self._unit.now

    async def _open(self, calibration_id: UUID) -> Calibration:
        row = await repository.locked(self._unit.session, calibration_id)
        if row is None:
            raise NotFound
        if row.state is not CalibrationState.OPEN:
            raise CalibrationClosed
        return row

    async def _whole(self, row: Calibration) -> Round:
        session = self._unit.session
        return Round(
            row,
            self._named(await repository.judges(session, row.id)),
            await repository.calls(session, row.id),
            await repository.ratings(session, row.id),
        )

    def _named(self, people: Sequence[tuple[UUID, bytes]]) -> list[Judge]:
        return [Judge(person_id, self._unit.open(NAME, sealed)) for person_id, sealed in people]

    def _tell(self, row: Calibration, kind: str) -> None:
        self._unit.tell(TOPIC, kind, calibration_id=row.id)


def _within(drawing: Drawing) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if drawing.since is not None:
        conditions.append(CallInspection.called_at >= drawing.since)
    if drawing.until is not None:
        conditions.append(CallInspection.called_at < drawing.until)
    return conditions


def _check(judgement: Judgement) -> None:
    unknown = [named.code for named in judgement.found if named.code not in VIOLATIONS]
    unknown += [code for code in judgement.missing if code not in POSITIVES]
    if unknown:
        raise UnknownCode(named=unknown[0])
