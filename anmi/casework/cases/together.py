"""Steps that many cases take together: the same rule book, guards and events as one by one, in few statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, insert, literal, select, update

from anmi.casework.cases.events import CaseClosed, CaseStepped
from anmi.casework.cases.life import TOPIC
from anmi.casework.cases.models import Case, CaseEvent
from anmi.core import case_life
from anmi.core.case_life import CLOSED, RefusedStep
from anmi.core.closing import ClosingReason
from anmi.kit.unit_of_work import UnitOfWork


class CasesTogether:
    """Takes one step with many cases. Who may touch them is asked by the rooms that call."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def hold(self, case_ids: Iterable[UUID]) -> Sequence[Case]:
        """Return cases as they are, held until the transaction ends; always in one order, so nobody waits in a ring."""
        query = (
            select(Case)
            .where(Case.id == any_(literal(list(case_ids), ARRAY(Uuid()))))
            .order_by(Case.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return (await self._unit.session.scalars(query)).all()

    async def step(
        self,
        cases: Sequence[Case],
        event: case_life.Event,
        changes: Mapping[UUID, Mapping[str, Any]],
        reason: str | None = None,
    ) -> dict[UUID, RefusedStep]:
        """Take a step with cases that are held, and write each one's changes; return those that may not take it.

        Every case changes the same columns. The cases handed in are to be loaded again before they are read.
        """
        answers = {case.id: case_life.step(case.state, event) for case in cases}
        refused = {case_id: answer for case_id, answer in answers.items() if isinstance(answer, RefusedStep)}
        going = [case for case in cases if case.id not in refused]
        if not going:
            return refused
        await self._write(
            [{"case_id": case.id, "after": answers[case.id], **changes.get(case.id, {})} for case in going]
        )
        await self._append(going, event, answers, reason)
        self._tell(going, changes)
        for case in going:
            self._unit.session.expire(case)
        return refused

    async def _write(self, rows: list[dict[str, Any]]) -> None:
        columns = {name: bindparam(name) for name in rows[0] if name not in {"case_id", "after"}}
        table = Case.__table__
        statement = (
            update(Case.__table__)  # pyright: ignore[reportArgumentType] - typed as a FromClause
            .where(table.c.id == bindparam("case_id"))
            .values(state=bindparam("after"), version=table.c.version + 1, **columns)
        )
        await (await self._unit.session.connection()).execute(statement, rows)

    async def _append(
        self, cases: Sequence[Case], event: case_life.Event, after: Mapping[UUID, Any], reason: str | None
    ) -> None:
        rows = [
            {
                "tenant_id": self._unit.tenant_id,
                "case_id": case.id,
                "at": self._unit.now,
                "event": event,
                "before": case.state,
                "after": after[case.id],
                "by": self._unit.caller.person_id,
                "reason": reason,
                "facts": {},
            }
            for case in cases
        ]
        await self._unit.session.execute(insert(CaseEvent), rows)
        for case in cases:
            self._unit.announce(CaseStepped(case.id, event, case.state, after[case.id]))
            if after[case.id] in CLOSED:
                self._unit.announce(CaseClosed(case.id, ClosingReason(after[case.id])))

    def _tell(self, cases: Sequence[Case], changes: Mapping[UUID, Mapping[str, Any]]) -> None:
        """Tell pages once for each pair of hands the cases leave or come into."""
        hands: Counter[tuple[UUID | None, UUID | None]] = Counter()
        for case in cases:
            now = changes.get(case.id, {})
            hands.update({(case.unit_id, case.holder_id), (now.get("unit_id"), now.get("holder_id"))})
        for (unit_id, holder_id), count in hands.items():
            if unit_id is not None or holder_id is not None:
                self._unit.tell(TOPIC, "CasesStepped", unit_id=unit_id, holder_id=holder_id, count=count)
