"""Allocation (分案): planned and shown, carried out as far as nothing has moved meanwhile, undone the same way.

Nobody gets a case who is out of the supervisor's reach, does not work cases, or whose training has lapsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Row, Uuid, any_, literal, true

from anmi.casework.allocation import repository
from anmi.casework.allocation.events import AllocationCarriedOut, AllocationUndone
from anmi.casework.allocation.models import AllocationMove, AllocationRun
from anmi.casework.allocation.planning import SharingRule, cases_of, collector_of, figures_of
from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseFilter, Cases, CasesTogether, findable, takes_from_pool
from anmi.core import allocation
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.case_life import Capability, Event, may
from anmi.core.permissions import Permission
from anmi.identity.people.models import NAME, Person
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork

TOPIC: Final = "allocation"
MOST: Final = 20_000
"""How many cases one allocation may share out."""


class CollectorOutOfReach(Invalid):
    """Somebody was named who does not work cases, or not within the caller's reach."""

    code = "COLLECTOR_OUT_OF_REACH"
    zh, en = "指定的催收员不在您的管理范围内或不能作业案件", "The collector is out of your reach or does not work cases"


class TrainingLapsed(Conflict):
    """The collector's training has lapsed (rule TRAINING)."""

    code = "COLLECTOR_TRAINING_LAPSED"
    zh, en = "该催收员培训考核已过期，不能分案", "The collector's training has lapsed; no cases can be given"


class NothingToAllocate(Invalid):
    """No case within reach is meant."""

    code = "NOTHING_TO_ALLOCATE"
    zh, en = "没有可分配的案件", "There is no case to allocate"


class TooManyToAllocate(Invalid):
    """More cases are meant than one allocation may share out."""

    code = "TOO_MANY_TO_ALLOCATE"
    zh, en = "一次最多分配 {most} 件案件，请缩小范围", "At most {most} cases at once; please narrow the list"


class RunNotInThisState(Conflict):
    """A plan is carried out once, and undone once."""

    code = "ALLOCATION_RUN_STATE"
    zh, en = "该分案当前状态（{state}）不允许此操作", "An allocation that is {state} does not allow this"


@dataclass(frozen=True, slots=True)
class RunView:
    """One allocation: its rule, what each collector gets, and what became of it."""

    run: AllocationRun
    names: Mapping[UUID, str]


class Allocation:
    """Gives cases to collectors, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def plan(self, wanted: CaseFilter | Collection[UUID], rule: SharingRule) -> RunView:
        """Share cases out on paper: the plan is the preview."""
        rows = await self._meant(wanted)
        open_rows = [row for row in rows if may(row.state, Capability.ALLOCATE)]
        people = await self._within_reach({hand.person_id for hand in rule.hands})
        plan = await self._plan(open_rows, rule, people)
        run = self._new_run(dict(rule.body), "planned", len(plan.moves), figures_of(plan, len(rows) - len(open_rows)))
        await self._unit.session.flush()
        rows_by_id = {str(row.id): row for row in open_rows}
        await repository.add_moves(
            self._unit.session,
            [self._move(run, rows_by_id[move.case_id], people[UUID(move.to_id)]) for move in plan.moves if move.to_id],
        )
        return await self._view(run)

    async def carry_out(self, run_id: UUID) -> RunView:
        """Do what was planned; a case that has moved meanwhile is named and left where it is."""
        run = await self._held(run_id, "planned")
        await self._do(run)
        self._unit.remember(AuditAction.ALLOCATION_CARRIED_OUT, ("allocation_run", run.id), **self._remembered(run))
        self._unit.announce(AllocationCarriedOut(run.id), TOPIC)
        return await self._view(run)

    async def undo(self, run_id: UUID) -> RunView:
        """Put every case back where it was, if it is still where the allocation put it."""
        run = await self._held(run_id, "carried_out")
        done = [row for row in await repository.all_moves(self._unit.session, run.id) if row.outcome == "done"]
        back = [_Step(row.id, row.case_id, row.to_holder_id, row.from_holder_id, row.from_unit_id) for row in done]
        outcomes = await self._apply(back, "undo")
        undone = [step.move_id for step in back if outcomes[step.move_id] == "done"]
        await repository.write_outcomes(self._unit.session, {"undone": undone})
        stuck = [step for step in back if outcomes[step.move_id] != "done"]
        run.state, run.undone_at, run.version = "undone", self._unit.now, run.version + 1
        run.figures = run.figures | {
            "undone_count": len(undone),
            "not_undone": [{"case_id": str(step.case_id), "outcome": outcomes[step.move_id]} for step in stuck],
        }
        self._unit.remember(
            AuditAction.ALLOCATION_UNDONE, ("allocation_run", run.id), undone=len(undone), not_undone=len(stuck)
        )
        self._unit.announce(AllocationUndone(run.id), TOPIC)
        return await self._view(run)

    async def reallocate(self, case_ids: Sequence[UUID], holder_id: UUID | None, reason: str) -> RunView:
        """Give cases to one person, or back to the pool, at once; it can be undone like every allocation."""
        rows = await self._meant(case_ids)
        person = await self._trained(holder_id) if holder_id is not None else None
        moves = [row for row in rows if row.holder_id != holder_id]
        run = self._new_run({"reason": reason, "holder_id": str(holder_id) if holder_id else None}, "planned", 0, {})
        run.cases_count = len(moves)
        await self._unit.session.flush()
        await repository.add_moves(self._unit.session, [self._move(run, row, person) for row in moves])
        await self._do(run, reason)
        self._unit.remember(
            AuditAction.CASES_REALLOCATED, ("allocation_run", run.id), reason=reason, **self._remembered(run)
        )
        self._unit.announce(AllocationCarriedOut(run.id), TOPIC)
        return await self._view(run)

    async def page(self, ask: Ask) -> tuple[list[RunView], str | None]:
        """Return one page of allocations, the newest first."""
        runs, following = await repository.runs(self._unit.session, self._own_runs(), ask)
        names = await self._names(runs)
        return [RunView(run, names) for run in runs], following

    async def get(self, run_id: UUID) -> RunView:
        """Return one allocation."""
        run = await repository.run(self._unit.session, run_id, self._own_runs())
        if run is None:
            raise NotFound
        return await self._view(run)

    async def moves(self, run_id: UUID, stuck: bool, ask: Ask) -> tuple[Sequence[AllocationMove], str | None]:
        """Return one page of an allocation's moves, or of those that did not come about."""
        await self.get(run_id)
        return await repository.moves(self._unit.session, run_id, stuck, ask)

    async def _plan(
        self, rows: Sequence[Row[Any]], rule: SharingRule, people: Mapping[UUID, Person]
    ) -> allocation.Plan:
        session, case_ids = self._unit.session, [row.id for row in rows]
        loads = await repository.loads(session, people.keys(), case_ids)
        links: dict[UUID, list[UUID]] = {}
        for holder_id, debtor_id in await repository.links(
            session, people.keys(), {row.debtor_id for row in rows}, case_ids
        ):
            links.setdefault(holder_id, []).append(debtor_id)
        creditor_ids = {row.creditor_id for row in rows}
        collectors = [
            collector_of(
                hand,
                people[hand.person_id],
                creditor_ids,
                loads.get(hand.person_id, 0),
                links.get(hand.person_id, ()),
            )
            for hand in rule.hands
        ]
        cases = cases_of(rows, rule.demands, await repository.buckets(session), self._today)
        return allocation.plan(cases, collectors, rule.share, self._today)

    async def _meant(self, wanted: CaseFilter | Collection[UUID]) -> Sequence[Row[Any]]:
        if isinstance(wanted, CaseFilter):
            conditions = await Cases(self._unit).conditions(wanted, Permission.CASES_ALLOCATE)
        else:
            ids = Case.id == any_(literal(list(wanted), ARRAY(Uuid())))
            conditions = [findable(self._unit, Permission.CASES_ALLOCATE), ids]
        rows = await repository.cases(self._unit.session, conditions, MOST + 1)
        if not rows:
            raise NothingToAllocate
        if len(rows) > MOST:
            raise TooManyToAllocate(most=MOST)
        return rows

    async def _within_reach(self, person_ids: Collection[UUID]) -> Mapping[UUID, Person]:
        people = await self._collectors(person_ids)
        if set(people) != set(person_ids):
            raise CollectorOutOfReach
        return people

    async def _trained(self, person_id: UUID) -> Person:
        person = (await self._within_reach([person_id]))[person_id]
        if not self._is_trained(person):
            raise TrainingLapsed
        return person

    async def _collectors(self, person_ids: Collection[UUID]) -> Mapping[UUID, Person]:
        reach = self._unit.rights.of(Permission.CASES_ALLOCATE)
        within = in_reach(reach, self._unit.caller, Person.unit_id, Person.id)
        return await repository.collectors(self._unit.session, person_ids, within)

    def _is_trained(self, person: Person) -> bool:
        return person.training_valid_until is not None and person.training_valid_until >= self._today

    async def _do(self, run: AllocationRun, reason: str | None = None) -> None:
        rows = await repository.all_moves(self._unit.session, run.id)
        steps = [_Step(row.id, row.case_id, row.from_holder_id, row.to_holder_id, row.to_unit_id) for row in rows]
        outcomes = await self._apply(steps, reason)
        by_outcome: dict[str, list[UUID]] = {}
        for move_id, outcome in outcomes.items():
            by_outcome.setdefault(outcome, []).append(move_id)
        await repository.write_outcomes(self._unit.session, by_outcome)
        run.state, run.carried_out_at, run.version = "carried_out", self._unit.now, run.version + 1
        run.figures = run.figures | {"outcomes": {name: len(ids) for name, ids in sorted(by_outcome.items())}}

    async def _apply(self, steps: Sequence[_Step], reason: str | None) -> dict[UUID, str]:
        """Take the steps that can be taken; say of each move what became of it."""
        together = CasesTogether(self._unit)
        cases = {case.id: case for case in await together.hold(step.case_id for step in steps)}
        people = await self._collectors({step.to_holder_id for step in steps if step.to_holder_id})
        fit = {person_id for person_id, person in people.items() if self._is_trained(person)}
        outcomes = {step.move_id: self._obstacle(step, cases.get(step.case_id), fit) for step in steps}
        going = [step for step in steps if outcomes[step.move_id] == "done"]
        for event, is_pooled in ((Event.ALLOCATED, False), (Event.POOLED, True)):
            group = {step.case_id: step for step in going if (step.to_holder_id is None) is is_pooled}
            changes = {
                case_id: {"holder_id": step.to_holder_id, "unit_id": step.to_unit_id} for case_id, step in group.items()
            }
            refused = await together.step([cases[case_id] for case_id in group], event, changes, reason)
            outcomes |= {group[case_id].move_id: refusal.reason.value for case_id, refusal in refused.items()}
        return outcomes

    def _obstacle(self, step: _Step, case: Case | None, fit: Collection[UUID]) -> str:
        if case is None or not self._reaches(case):
            return "out_of_reach"
        if case.holder_id != step.from_holder_id:
            return "moved_meanwhile"
        if not may(case.state, Capability.ALLOCATE):
            return "not_open"
        if step.to_holder_id is not None and step.to_holder_id not in fit:
            return "collector_unavailable"
        return "done"

    def _reaches(self, case: Case) -> bool:
        if case.unit_id is None and case.holder_id is None and takes_from_pool(self._unit, Permission.CASES_ALLOCATE):
            return True
        reach = self._unit.rights.of(Permission.CASES_ALLOCATE)
        return reach.covers(case.unit_id, is_own=case.holder_id == self._unit.caller.person_id)

    def _new_run(self, rule: dict[str, Any], state: str, count: int, figures: dict[str, Any]) -> AllocationRun:
        run = AllocationRun(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            rule=rule,
            state=state,
            cases_count=count,
            figures=figures,
            planned_at=self._unit.now,
            planned_by=self._unit.caller.person_id,
            version=1,
        )
        self._unit.session.add(run)
        return run

    def _move(self, run: AllocationRun, row: Row[Any], person: Person | None) -> dict[str, Any]:
        # What goes to the pool stays in the pool of its unit.
        return {
            "id": new_id(),
            "tenant_id": self._unit.tenant_id,
            "run_id": run.id,
            "case_id": row.id,
            "from_holder_id": row.holder_id,
            "from_unit_id": row.unit_id,
            "to_holder_id": person.id if person else None,
            "to_unit_id": person.unit_id if person else row.unit_id,
        }

    async def _held(self, run_id: UUID, state: str) -> AllocationRun:
        run = await repository.held_run(self._unit.session, run_id, self._own_runs())
        if run is None:
            raise NotFound
        if run.state != state:
            raise RunNotInThisState(state=run.state)
        return run

    def _own_runs(self) -> ColumnElement[bool]:
        """Return the condition under which an allocation is the caller's: her own, or anybody's in the whole agency."""
        if self._unit.rights.of(Permission.CASES_ALLOCATE).everything:
            return true()
        return AllocationRun.planned_by == self._unit.caller.person_id

    async def _view(self, run: AllocationRun) -> RunView:
        return RunView(run, await self._names([run]))

    async def _names(self, runs: Iterable[AllocationRun]) -> dict[UUID, str]:
        people = {UUID(share["person_id"]) for run in runs for share in run.figures.get("shares", ())}
        sealed = await repository.names(self._unit.session, people) if people else {}
        return {person_id: self._unit.open(NAME, name) for person_id, name in sealed.items()}

    def _remembered(self, run: AllocationRun) -> dict[str, Any]:
        return {"cases": run.cases_count, "outcomes": dict(Counter(run.figures.get("outcomes", {})))}

    @property
    def _today(self) -> date:
        return in_china(self._unit.now).date()


@dataclass(frozen=True, slots=True)
class _Step:
    """One case on its way from one pair of hands to another."""

    move_id: UUID
    case_id: UUID
    from_holder_id: UUID | None
    to_holder_id: UUID | None
    to_unit_id: UUID | None
