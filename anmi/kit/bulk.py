"""One thing done to many: each is answered for itself, and one refusal stops none of the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from anmi.kit.errors import Refusal
from anmi.kit.unit_of_work import UnitOfWork


class Answered(BaseModel):
    """What became of one thing; a refusal says why in both languages."""

    id: UUID
    done: bool
    code: str | None = None
    zh: str | None = None
    en: str | None = None


class BulkAnswer(BaseModel):
    """What became of each thing."""

    done: int
    refused: int
    items: list[Answered]

    @classmethod
    def of(cls, items: list[Answered]) -> Self:
        """Count the answers."""
        done = sum(item.done for item in items)
        return cls(done=done, refused=len(items) - done, items=items)


async def for_each(unit: UnitOfWork, ids: Iterable[UUID], work: Callable[[UUID], Awaitable[object]]) -> BulkAnswer:
    """Do `work` for each id within one unit of work; what a refusal interrupted is taken back, the rest stays."""
    items: list[Answered] = []
    for each in dict.fromkeys(ids):
        try:
            async with unit.session.begin_nested(), unit.attempt():
                await work(each)
                await unit.session.flush()
        except Refusal as refusal:
            items.append(
                Answered(id=each, done=False, code=refusal.code, zh=refusal.sentence("zh"), en=refusal.sentence("en"))
            )
        else:
            items.append(Answered(id=each, done=True))
    return BulkAnswer.of(items)
