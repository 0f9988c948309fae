"""The working day as HTTP sees it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel

from anmi.casework.cases.service import CASE_LIST_WORDS, MOST_COUNTED, CaseList
from anmi.kit.fields import Seen
from anmi.workbench.today.service import DayView


class DayList(BaseModel):
    """A list of cases: its code is a filter of the case list. Where there `is_more`, it was not counted to its end."""

    code: CaseList
    zh: str
    en: str
    count: int
    is_more: bool


class DayFiguresSeen(Seen):
    """What the caller has done today; money in fen."""

    calls: int
    talk_seconds: int
    promises: int
    promised_fen: int
    recovered_fen: int


class TodaySeen(BaseModel):
    """The working day."""

    lists: list[DayList]
    overdue_orders: int
    figures: DayFiguresSeen

    @classmethod
    def of(cls, view: DayView) -> Self:
        """Say a view as HTTP does."""
        words = CASE_LIST_WORDS
        return cls(
            lists=[
                DayList(
                    code=code,
                    zh=words[code].zh,
                    en=words[code].en,
                    count=min(count, MOST_COUNTED),
                    is_more=count > MOST_COUNTED,
                )
                for code, count in view.lists.items()
            ],
            overdue_orders=view.overdue_orders,
            figures=DayFiguresSeen.model_validate(view.figures),
        )
