"""Case opening runs (智能开案): started by people, worked off by a job; and the rules of first stage and priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.service import visible
from anmi.casework.opening import repository
from anmi.casework.opening.events import OpeningRulesChanged, OpeningStarted
from anmi.casework.opening.models import CaseOpeningRun, OpenedCase, OpeningRules
from anmi.casework.placements.models import PlacementState
from anmi.casework.tables import opening_rule_rows
from anmi.core.audit_actions import AuditAction
from anmi.core.number_screening import Reach
from anmi.core.opening import OpeningRule, read_opening_rules
from anmi.core.permissions import Permission
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound, StaleVersion
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

TOPIC: Final = "opening"


class OpeningUnderWay(Conflict):
    """One run of a placement at a time."""

    code = "OPENING_UNDER_WAY"
    zh, en = "该批次正在开案，请等待完成", "The placement is being opened already"


class PlacementNotOpen(Conflict):
    """Only a placement that is being worked is opened."""

    code = "OPENING_PLACEMENT_NOT_ACTIVE"
    zh, en = "批次状态（{state}）不允许开案", "A placement that is {state} is not opened"


class NothingToOpen(Conflict):
    """Every case of the placement is open already."""

    code = "NOTHING_TO_OPEN"
    zh, en = "该批次没有待开案件", "The placement has no case to open"


class UnreadableRules(Invalid):
    """Rules that cannot be read; `detail` names the row."""

    code = "OPENING_RULES_UNREADABLE"
    zh, en = "开案规则有误：{detail}", "The opening rules cannot be read: {detail}"


@dataclass(frozen=True, slots=True)
class RulesView:
    """The rules cases begin by; version 0 are those that come with the house."""

    version: int
    rules: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OpenedView:
    """How one case was opened."""

    opened: OpenedCase
    serial_no: str


class Opening:
    """Case opening runs and their rules, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def start(self, placement_id: UUID) -> CaseOpeningRun:
        """Begin to open the cases of a placement that are not open yet; the job follows."""
        session = self._unit.session
        placement = await repository.placement(session, placement_id, held=True)
        if placement is None:
            raise NotFound
        if placement.state is not PlacementState.ACTIVE:
            raise PlacementNotOpen(state=placement.state)
        if await repository.running(session, placement_id):
            raise OpeningUnderWay
        count = await repository.count_to_open(session, placement_id)
        if not count:
            raise NothingToOpen
        run = CaseOpeningRun(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            placement_id=placement_id,
            state="running",
            cases_total=count,
            cases_done=0,
            figures=dict.fromkeys(Reach, 0),
            started_at=self._unit.now,
            started_by=self._unit.caller.person_id,
            version=1,
        )
        session.add(run)
        self._unit.remember(AuditAction.OPENING_STARTED, ("placement", placement_id), run_id=run.id, cases=count)
        self._unit.announce(OpeningStarted(run.id, placement_id), TOPIC)
        return run

    async def runs(self, placement_id: UUID) -> Sequence[CaseOpeningRun]:
        """Return the runs of a placement, the newest first."""
        if await repository.placement(self._unit.session, placement_id) is None:
            raise NotFound
        return await repository.runs(self._unit.session, placement_id)

    async def get(self, run_id: UUID) -> CaseOpeningRun:
        """Return a run with its figures."""
        run = await repository.run(self._unit.session, run_id)
        if run is None:
            raise NotFound
        return run

    async def opened(self, run_id: UUID, reach: Reach | None, ask: Ask) -> tuple[list[OpenedView], str | None]:
        """Return one page of what a run found for the cases within sight."""
        await self.get(run_id)
        sight = visible(self._unit, Permission.CASES_READ)
        rows, following = await repository.opened(self._unit.session, run_id, reach, sight, ask)
        serial_nos = await repository.serial_nos(self._unit.session, [row.case_id for row in rows])
        return [OpenedView(row, serial_nos[row.case_id]) for row in rows], following

    async def rules(self) -> RulesView:
        """Return the rules cases begin by."""
        row = await repository.rules(self._unit.session, self._unit.tenant_id)
        return RulesView(row.version, row.body) if row else RulesView(0, opening_rule_rows())

    async def read_rules(self) -> tuple[OpeningRule, ...]:
        """Return the rules as the rule book reads them."""
        return read_opening_rules((await self.rules()).rules)

    async def write_rules(self, version: int, rules: list[dict[str, Any]]) -> RulesView:
        """Put rules in the place of those that were read as `version`; what cannot be read changes nothing."""
        try:
            read_opening_rules(rules)
        except ValueError as error:
            raise UnreadableRules(detail=str(error)) from error
        row = await repository.rules(self._unit.session, self._unit.tenant_id, held=True)
        if row is not None:
            row.edit(version)
            row.body = rules
        else:
            row = await self._first_rules(version, rules)
        self._unit.remember(AuditAction.OPENING_RULES_CHANGED, codes=[_code(rule) for rule in rules])
        self._unit.announce(OpeningRulesChanged(row.version), TOPIC)
        return RulesView(row.version, rules)

    async def _first_rules(self, version: int, rules: list[dict[str, Any]]) -> OpeningRules:
        if version != 0:
            raise StaleVersion
        tenant_id = self._unit.tenant_id
        row = OpeningRules(id=tenant_id, tenant_id=tenant_id, body=rules, version=1)
        async with refused_as(self._unit.session, {"pk_opening_rules": StaleVersion()}):
            self._unit.session.add(row)
        return row


def _code(rule: Mapping[str, Any]) -> Any:
    return rule["code"]
