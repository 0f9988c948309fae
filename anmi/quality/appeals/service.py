"""Appeals: made by the agent of the call, decided by somebody who has not inspected it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits
from anmi.identity.people.models import NAME
from anmi.kit.errors import Conflict, Forbidden, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.appeals import repository
from anmi.quality.appeals.models import Appeal, AppealState
from anmi.quality.appeals.repository import AppealRow
from anmi.quality.inspections.models import InspectionState, Verdict
from anmi.quality.inspections.service import Inspections, in_sight

TOPIC: Final = "appeals"


class NotYourCall(Forbidden):
    """Only the agent of a call appeals against its inspection."""

    code = "APPEAL_NOT_YOUR_CALL"
    zh, en = "只能对自己的通话提出申诉", "Only the agent of a call may appeal"


class AppealStands(Conflict):
    """There is an appeal against this already."""

    code = "APPEAL_STANDS"
    zh, en = "该项已有待处理的申诉", "There is an open appeal against this already"


class AppealDecided(Conflict):
    """The appeal has its answer."""

    code = "APPEAL_DECIDED"
    zh, en = "该申诉已处理", "This appeal has been decided"


class OwnInspection(Forbidden):
    """Whoever inspected a call does not decide on an appeal against it, nor does who appealed."""

    code = "APPEAL_OWN_INSPECTION"
    zh, en = "须由未参与该次质检的人员复检", "Somebody else must decide on this appeal"


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal, with the name of who made it."""

    row: AppealRow
    name: str


class Appeals:
    """The appeals of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, ask: Ask, state: AppealState | None = None) -> tuple[list[AppealView], str | None]:
        """Return appeals within sight."""
        conditions = [in_sight(self._unit), *([Appeal.state == state] if state else [])]
        rows, following = await repository.page(self._unit.session, conditions, ask)
        return [self._view(row) for row in rows], following

    async def get(self, appeal_id: UUID) -> AppealView:
        """Return an appeal within sight."""
        await self._unit.session.flush()
        row = await repository.one(self._unit.session, Appeal.id == appeal_id, in_sight(self._unit))
        if row is None:
            raise NotFound
        return self._view(row)

    async def make(self, inspection_id: UUID, finding_id: UUID | None, reason: str) -> AppealView:
        """Speak up against an inspection of one's own call, or against one of its findings."""
        inspection = (await Inspections(self._unit).get(inspection_id)).row.inspection
        if inspection.person_id is None or inspection.person_id != self._unit.caller.person_id:
            raise NotYourCall
        session = self._unit.session
        if finding_id is not None and await repository.finding(session, inspection_id, finding_id) is None:
            raise NotFound
        if await repository.open_of(session, inspection_id, finding_id) is not None:
            raise AppealStands
        appeal = Appeal(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            inspection_id=inspection_id,
            finding_id=finding_id,
            person_id=inspection.person_id,
            unit_id=inspection.unit_id,
            reason=mask_digits(reason),
            state=AppealState.OPEN,
            appealed_at=self._unit.now,
            version=1,
        )
        session.add(appeal)
        self._unit.remember(AuditAction.APPEAL_MADE, ("appeal", appeal.id), inspection_id=inspection_id)
        self._tell(appeal, "AppealMade")
        return await self.get(appeal.id)

    async def withdraw(self, appeal_id: UUID) -> AppealView:
        """Take one's own appeal back."""
        appeal = await self._open(appeal_id)
        if appeal.person_id != self._unit.caller.person_id:
            raise NotYourCall
        appeal.state = AppealState.WITHDRAWN
        self._tell(appeal, "AppealWithdrawn")
        return await self.get(appeal_id)

    async def decide(self, appeal_id: UUID, version: int, answer: str, *, is_granted: bool) -> AppealView:
        """Decide; granted, the finding falls and the call is scored anew."""
        appeal = await self._open(appeal_id)
        appeal.edit(version)
        inspections = Inspections(self._unit)
        detail = await inspections.get(appeal.inspection_id)
        inspection = detail.row.inspection
        if self._unit.caller.person_id in {inspection.inspector_id, appeal.person_id}:
            raise OwnInspection
        appeal.state = AppealState.GRANTED if is_granted else AppealState.REJECTED
        appeal.decided_by, appeal.decided_at = self._unit.caller.person_id, self._unit.now
        appeal.answer = mask_digits(answer)
        if is_granted:
            for finding in detail.findings:
                if appeal.finding_id in {None, finding.id}:
                    inspections.say(finding, Verdict.OVERRULED, answer)
            await self._unit.session.flush()
            await inspections.rescore(inspection)
        inspection.state = InspectionState.REINSPECTED
        inspection.version += 1
        self._unit.remember(
            AuditAction.APPEAL_DECIDED, ("appeal", appeal.id), granted=is_granted, score=inspection.score
        )
        self._tell(appeal, "AppealDecided")
        return await self.get(appeal_id)

    async def _open(self, appeal_id: UUID) -> Appeal:
        row = await repository.one(self._unit.session, Appeal.id == appeal_id, in_sight(self._unit))
        appeal = await repository.locked(self._unit.session, appeal_id) if row else None
        if appeal is None:
            raise NotFound
        if appeal.state is not AppealState.OPEN:
            raise AppealDecided
        return appeal

    def _view(self, row: AppealRow) -> AppealView:
        return AppealView(row, self._unit.open(NAME, row.name_sealed))

    def _tell(self, appeal: Appeal, kind: str) -> None:
        self._unit.tell(TOPIC, kind, appeal_id=appeal.id, holder_id=appeal.person_id, unit_id=appeal.unit_id)
