"""Scorecards: made, changed, and chosen for a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.core import scorecards as rule_book
from anmi.core.audit_actions import AuditAction
from anmi.core.permissions import Words
from anmi.core.scorecards import BadScorecard
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.scorecards import repository
from anmi.quality.scorecards.models import Criterion, Scorecard

USUAL_PASSING: Final = 80


class ScorecardInvalid(Invalid):
    """A scorecard must be able to score."""

    code = "SCORECARD_INVALID"
    zh, en = "评分卡不成立：{why}", "This scorecard cannot score: {why}"


class ScorecardNameTaken(Conflict):
    """Another scorecard has this name."""

    code = "SCORECARD_NAME_TAKEN"
    zh, en = "评分卡名称已存在", "There is a scorecard of this name already"


@dataclass(frozen=True, slots=True)
class ScorecardToMake:
    """What somebody wants a scorecard to be."""

    name: str
    criteria: tuple[rule_book.Criterion, ...]
    passing: int = USUAL_PASSING
    creditor_id: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard as it scores: without a row where an agency has made none."""

    row: Scorecard | None
    criteria: tuple[rule_book.Criterion, ...]
    passing: int


class Scorecards:
    """The scorecards of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> Sequence[Card]:
        """Return every scorecard; where there is none, the usual one."""
        rows = await repository.all_of(self._unit.session)
        return [await self._card(row) for row in rows] or [usual()]

    async def for_calls_of(self, creditor_id: UUID | None) -> Card:
        """Return what calls about a creditor's debts are scored by: her own card, the agency's, or the usual one."""
        row = await repository.for_owner(self._unit.session, creditor_id)
        return await self._card(row) if row else usual()

    async def get(self, card_id: UUID) -> Card:
        """Return a scorecard."""
        return await self._card(await self._row(card_id))

    async def make(self, wanted: ScorecardToMake) -> Card:
        """Make a scorecard."""
        _check(wanted)
        row = Scorecard(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            name=wanted.name,
            subject_kind=None,
            owner_id=wanted.creditor_id,
            is_active=wanted.is_active,
            passing=wanted.passing,
            made_at=self._unit.now,
            version=1,
        )
        async with refused_as(self._unit.session, {"uq_scorecards_tenant_id_name": ScorecardNameTaken()}):
            self._unit.session.add(row)
        self._write(row, wanted.criteria)
        self._unit.remember(AuditAction.SCORECARD_MADE, ("scorecard", row.id), name=wanted.name)
        await self._unit.session.flush()
        return await self._card(row)

    async def change(self, card_id: UUID, version: int, wanted: ScorecardToMake) -> Card:
        """Change a scorecard; calls that were scored by it keep their points."""
        _check(wanted)
        row = await self._row(card_id)
        row.edit(version)
        async with refused_as(self._unit.session, {"uq_scorecards_tenant_id_name": ScorecardNameTaken()}):
            row.name, row.passing = wanted.name, wanted.passing
            row.owner_id, row.is_active = wanted.creditor_id, wanted.is_active
        await repository.clear(self._unit.session, card_id)
        self._write(row, wanted.criteria)
        self._unit.remember(AuditAction.SCORECARD_CHANGED, ("scorecard", row.id), name=wanted.name)
        await self._unit.session.flush()
        return await self._card(row)

    async def _row(self, card_id: UUID) -> Scorecard:
        row = await self._unit.session.get(Scorecard, card_id)
        if row is None:
            raise NotFound
        return row

    async def _card(self, row: Scorecard) -> Card:
        criteria = await repository.criteria(self._unit.session, row.id)
        return Card(row, tuple(_criterion(each) for each in criteria), row.passing)

    def _write(self, row: Scorecard, criteria: Sequence[rule_book.Criterion]) -> None:
        for rank, each in enumerate(criteria):
            self._unit.session.add(
                Criterion(
                    id=new_id(),
                    tenant_id=self._unit.tenant_id,
                    scorecard_id=row.id,
                    code=each.code,
                    zh=each.words.zh,
                    en=each.words.en,
                    weight=each.weight,
                    is_critical=each.is_critical,
                    rules=sorted(each.rules),
                    rank=rank,
                )
            )


def usual() -> Card:
    """Return the scorecard an agency begins with."""
    return Card(None, rule_book.USUAL, USUAL_PASSING)


def _criterion(row: Criterion) -> rule_book.Criterion:
    return rule_book.Criterion(row.code, Words(row.zh, row.en), row.weight, frozenset(row.rules), row.is_critical)


def _check(wanted: ScorecardToMake) -> None:
    try:
        rule_book.check(wanted.criteria)
    except BadScorecard as fault:
        raise ScorecardInvalid(why=str(fault)) from None
