"""The steps of a concession: asked of the rule book, written down one after the other, told to whoever hears."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives
from anmi.casework.concessions import repository
from anmi.casework.concessions.events import ConcessionMoved
from anmi.casework.concessions.models import Concession, ConcessionStep
from anmi.core import concessions as rules
from anmi.core.concessions import Event, RefusedStep, State
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, NotFound, StaleVersion
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

TOPIC: Final = "concessions"


class ConcessionStepRefused(Conflict):
    """The concession is not where this step begins."""

    code = "CONCESSION_STEP_REFUSED"
    zh, en = "减免申请当前状态不允许此操作（{reason}）", "The concession does not allow this now ({reason})"


class Steps:
    """Takes concessions through their life."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._lives = CaseLives(unit)

    async def held(
        self, concession_id: UUID, permission: Permission, version: int | None = None
    ) -> tuple[Case, Concession]:
        """Return a concession and its case, which is locked: whoever moves either waits here."""
        case_id = await repository.case_of(self._unit.session, concession_id)
        if case_id is None:
            raise NotFound
        case = await self._lives.get(case_id, permission, lock=True)
        concession = await repository.concession(self._unit.session, concession_id)
        if concession is None:
            raise NotFound
        if version is not None and version != concession.version:
            raise StaleVersion(concession_id)
        return case, concession

    async def take(self, case: Case, concession: Concession, event: Event, note: str = "") -> State:
        """Take one step."""
        before = State(concession.state)
        after = rules.step(before, event)
        if isinstance(after, RefusedStep):
            raise ConcessionStepRefused(reason=after.reason)
        concession.state = after
        concession.version += 1
        if after in rules.OVER or after in rules.QUOTABLE:
            concession.body = {**concession.body, "next_role": None}
        self._unit.session.add(
            ConcessionStep(
                id=new_id(),
                tenant_id=self._unit.tenant_id,
                concession_id=concession.id,
                at=self._unit.now,
                by=self._unit.caller.person_id,
                before=before,
                after=after,
                note=note,
            )
        )
        await self._unit.session.flush()
        self._unit.announce(ConcessionMoved(concession.id, case.id, after))
        self._unit.tell(TOPIC, "ConcessionMoved", concession_id=concession.id, case_id=case.id, unit_id=case.unit_id)
        self._lives.tell(case, "ConcessionMoved")
        return after

    async def take_if_known(self, case: Case, concession: Concession, *events: Event, note: str = "") -> None:
        """Take those of the steps, one after the other, that begin where the concession stands."""
        for event in events:
            if not isinstance(rules.step(State(concession.state), event), RefusedStep):
                await self.take(case, concession, event, note)
