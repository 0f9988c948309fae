"""The working day: which lists wait, how many cases stand on each, and what has been done so far."""

from __future__ import annotations

from dataclasses import dataclass

from anmi.casework.cases.service import CaseList, Cases, day_of
from anmi.core.calendar import start_of
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.today import repository
from anmi.workbench.today.repository import DayFigures
from anmi.workbench.work_orders.service import WorkOrders

NOTHING_YET = DayFigures(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class DayView:
    """The lists with their counts, the work orders that are late, and the figures of the day."""

    lists: dict[CaseList, int]
    overdue_orders: int
    figures: DayFigures


class Today:
    """The present day of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def seen(self) -> DayView:
        """Show the day."""
        person_id, since = self._unit.caller.person_id, start_of(day_of(self._unit).today)
        figures = NOTHING_YET
        if person_id is not None:
            figures = await repository.figures(self._unit.session, person_id, since)
        return DayView(await Cases(self._unit).counts(), await WorkOrders(self._unit).overdue(), figures)
