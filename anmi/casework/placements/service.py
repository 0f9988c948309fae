"""Placements: batches of cases a creditor gives us, pauses, takes back, or is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import visible
from anmi.casework.creditors.models import CreditorState
from anmi.casework.placements import closing, repository
from anmi.casework.placements.events import CasesTakenAway, PlacementAdded, PlacementChanged
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.imports import Imports, ImportView, SheetKind
from anmi.casework.placements.models import TAKES_CASES, ImportState, Placement, PlacementState
from anmi.casework.placements.repository import PlacementRow, ReachFigures, StateFigures
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import Event
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = [
    "ImportState",
    "ImportView",
    "Imports",
    "PlacementRow",
    "PlacementState",
    "PlacementView",
    "Placements",
    "SheetFiles",
    "SheetKind",
]

TOPIC = "placements"


class PlacementCodeTaken(Conflict):
    """Another placement has this code."""

    code = "PLACEMENT_CODE_TAKEN"
    zh, en = "委案批次号“{given}”已被使用", "The placement code {given} is taken"


class UnknownProduct(Invalid):
    """The creditor has no such product, or there is no such creditor."""

    code = "UNKNOWN_PRODUCT"
    zh, en = "委托方或产品不存在", "There is no such creditor or product"


class CreditorEnded(Conflict):
    """No placements are taken from this creditor any more."""

    code = "CREDITOR_ENDED"
    zh, en = "该委托方已终止合作", "We take no placements from this creditor any more"


class DueBackTooEarly(Invalid):
    """A placement goes back after the day it came."""

    code = "DUE_BACK_TOO_EARLY"
    zh, en = "预计退案日不能早于委案日期", "The day to go back lies before the day of placement"


class PlacementNotInState(Conflict):
    """The placement is not where this begins."""

    code = "PLACEMENT_NOT_IN_STATE"
    zh, en = "批次当前状态（{state}）不允许此操作", "A placement that is {state} does not allow this"


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A placement, and what its cases come to as far as the caller sees them."""

    row: PlacementRow
    by_state: Sequence[StateFigures]
    by_reach: Sequence[ReachFigures]


class Placements:
    """The placements of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(
        self, creditor_id: UUID | None, state: PlacementState | None, q: str | None, ask: Ask
    ) -> tuple[list[PlacementRow], str | None, int]:
        """Return one page of placements, the cursor of the next, and how many there are."""
        return await repository.page(self._unit.session, creditor_id, state, q, ask)

    async def get(self, placement_id: UUID) -> PlacementView:
        """Return a placement with its figures."""
        row = await repository.one(self._unit.session, placement_id)
        if row is None:
            raise NotFound
        conditions = (Case.placement_id == placement_id, visible(self._unit))
        figures = await repository.figures(self._unit.session, *conditions)
        return PlacementView(row, figures, await repository.by_reach(self._unit.session, *conditions))

    async def add(
        self,
        creditor_id: UUID,
        product_id: UUID,
        tier: int,
        placed_on: date,
        due_back_on: date | None = None,
        code: str | None = None,
    ) -> PlacementView:
        """Take a placement; its cases come with files."""
        creditor = await repository.creditor(self._unit.session, creditor_id)
        product = await repository.product(self._unit.session, creditor_id, product_id)
        if creditor is None or product is None:
            raise UnknownProduct
        if creditor.state is CreditorState.ENDED:
            raise CreditorEnded
        if due_back_on is not None and due_back_on < placed_on:
            raise DueBackTooEarly
        placement = Placement(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            code=code or f"{creditor.code}-{placed_on:%Y%m%d}-{str(new_id())[-4:].upper()}",
            creditor_id=creditor_id,
            product_id=product_id,
            tier=tier,
            placed_on=placed_on,
            due_back_on=due_back_on,
            state=PlacementState.IMPORTING,
            created_at=self._unit.now,
            created_by=self._unit.caller.person_id,
            version=1,
        )
        taken = {"uq_placements_tenant_id_code": PlacementCodeTaken(given=placement.code)}
        async with refused_as(self._unit.session, taken):
            self._unit.session.add(placement)
        self._unit.remember(
            AuditAction.PLACEMENT_ADDED, ("placement", placement.id), code=placement.code, creditor_id=creditor_id
        )
        self._unit.announce(PlacementAdded(placement.id), TOPIC)
        return await self.get(placement.id)

    async def pause(self, placement_id: UUID, reason: str) -> PlacementView:
        """Let nobody be contacted about this placement for now."""
        return await self._move(
            placement_id, (PlacementState.ACTIVE,), PlacementState.PAUSED, AuditAction.PLACEMENT_PAUSED, reason
        )

    async def resume(self, placement_id: UUID, reason: str) -> PlacementView:
        """Go on after a pause."""
        return await self._move(
            placement_id, (PlacementState.PAUSED,), PlacementState.ACTIVE, AuditAction.PLACEMENT_RESUMED, reason
        )

    async def recall(self, placement_id: UUID, reason: str) -> PlacementView:
        """Let the creditor take the placement back: its open cases close, and collectors see nothing of it."""
        return await self._close(
            placement_id, PlacementState.RECALLED, Event.RECALLED, AuditAction.PLACEMENT_RECALLED, reason
        )

    async def hand_back(self, placement_id: UUID, reason: str) -> PlacementView:
        """Return the placement to the creditor: its open cases close, and collectors see nothing of it."""
        return await self._close(
            placement_id, PlacementState.RETURNED, Event.RETURNED, AuditAction.PLACEMENT_RETURNED, reason
        )

    async def _close(
        self, placement_id: UUID, state: PlacementState, event: Event, action: AuditAction, reason: str
    ) -> PlacementView:
        view = await self._move(placement_id, TAKES_CASES, state, action, reason)
        await closing.close(self._unit, Case.placement_id == placement_id, event, reason)
        self._unit.announce(CasesTakenAway(placement_id, self._unit.now))
        after = await self.get(placement_id)
        return PlacementView(view.row, after.by_state, after.by_reach)

    async def _move(
        self,
        placement_id: UUID,
        before: tuple[PlacementState, ...],
        after: PlacementState,
        action: AuditAction,
        reason: str,
    ) -> PlacementView:
        placement = await repository.held(self._unit.session, placement_id)
        if placement is None:
            raise NotFound
        if placement.state not in before:
            raise PlacementNotInState(state=placement.state)
        placement.state, placement.version = after, placement.version + 1
        self._unit.remember(action, ("placement", placement_id), code=placement.code, reason=reason)
        self._unit.announce(PlacementChanged(placement_id), TOPIC)
        await self._unit.session.flush()
        return await self.get(placement_id)
