"""Choosing the number that is shown: asked of the core, then taken, so that two who choose at once share no ceiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from anmi.core.calendar import in_china
from anmi.core.caller_id_choice import UNFIT_WORDS, Choice, Place, Shown, choose, unfitness
from anmi.identity.org_units.service import OrgUnits
from anmi.kit.errors import Conflict
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.caller_ids import repository
from anmi.telephony.caller_ids.models import CallerIdState
from anmi.telephony.caller_ids.repository import Candidate
from anmi.telephony.trunks.service import Trunks, UsableTrunk, switch_name

_NOT_LEASED: Final = {"reasons_zh": "当地没有租用的号码", "reasons_en": "no number of this place is leased"}


class NoCallerId(Conflict):
    """No leased number may be shown now, so nobody is called."""

    code = "NO_CALLER_ID"
    zh, en = "没有可用的外显号码：{reasons_zh}", "No number may be shown now: {reasons_en}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The number that is shown, and the trunk it goes over."""

    caller_id_id: UUID
    number: str
    trunk_id: UUID
    trunk: str
    """As the switch calls it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What the numbers are looked at by: the units above the one that calls, and the usable trunks."""

    ours: frozenset[UUID | None]
    trunks: Mapping[UUID, UsableTrunk]

    def shown(self, row: Candidate) -> Shown:
        """Return a number as the core sees it."""
        trunk = self.trunks.get(row.trunk_id)
        return Shown(
            id=row.id,
            province=row.province,
            city=row.city,
            is_active=row.state == CallerIdState.ACTIVE,
            rests_until=row.rests_until,
            leased_until=row.leased_until,
            daily_ceiling=row.daily_ceiling,
            shown_today=row.shown_today,
            cool_down=timedelta(seconds=row.cool_down_seconds),
            last_shown_at=row.last_shown_at,
            complaints=row.complaints,
            complaint_ceiling=row.complaint_ceiling,
            has_ended=row.state == CallerIdState.ENDED,
            is_ours=row.unit_id is None or row.unit_id in self.ours,
            trunk_rank=None if trunk is None else trunk.rank,
        )


async def choose_for(
    unit: UnitOfWork, place: Place, unit_id: UUID | None, engine_id: UUID | None, lines: int
) -> Chosen:
    """Choose the number that is shown to somebody of a place, on a call of a unit; raise NoCallerId."""
    await unit.flush()
    rows = await repository.near(unit.driver, place, _today(unit))
    pool = await _pool(unit, rows, unit_id, engine_id)
    choice = choose(place, [pool.shown(row) for row in rows], unit.now, _today(unit))
    taking = _Taking(unit, pool, lines)
    taken = await taking.first_of(choice.fit) if choice.fit else None
    if taken is None:
        raise NoCallerId(**_reasons(choice))
    return Chosen(taken.id, taken.number, taken.trunk_id, switch_name(taken.trunk_id))


@dataclass(frozen=True, slots=True)
class _Taking:
    """Takes one of the numbers that were fit a moment ago."""

    unit: UnitOfWork
    pool: Pool
    lines: int

    async def first_of(self, fit: Sequence[UUID]) -> Candidate | None:
        """Hold the first that is still fit, and write down that it is shown."""
        await repository.begin_taking(self.unit.driver)
        left = list(fit)
        # First whatever nobody holds at this instant; only when all are held is somebody waited for.
        while left and (free := await repository.hold_one(self.unit.driver, left, _today(self.unit))):
            if (taken := await self._take(free)) is not None:
                return taken
            left.remove(free.id)
        for caller_id_id in left:
            held = await repository.wait_for(self.unit.driver, caller_id_id, _today(self.unit))
            if held is not None and (taken := await self._take(held)) is not None:
                return taken
        return None

    async def _take(self, held: Candidate) -> Candidate | None:
        """Look again at a number that is held, and write down that it is shown; let go of it if it is unfit now."""
        now, today = self.unit.now, _today(self.unit)
        is_fit = unfitness(self.pool.shown(held), now, today) is None
        if is_fit and await Trunks(self.unit).has_room(self.pool.trunks[held.trunk_id], self.lines):
            await repository.show(self.unit.driver, held.id, now, today)
            return held
        await repository.let_go(self.unit.driver)
        return None


async def _pool(unit: UnitOfWork, rows: Sequence[Candidate], unit_id: UUID | None, engine_id: UUID | None) -> Pool:
    usable = await Trunks(unit).usable(engine_id)
    is_given = any(row.unit_id not in {None, unit_id} for row in rows)
    ours = await _units_above(unit, unit_id) if is_given else frozenset({unit_id})
    return Pool(ours, {trunk.id: trunk for trunk in usable})


async def _units_above(unit: UnitOfWork, unit_id: UUID | None) -> frozenset[UUID | None]:
    """Return a unit and those above it."""
    parents = await OrgUnits(unit).parents()
    ours: set[UUID | None] = set()
    above = unit_id
    while above is not None and above not in ours:
        ours.add(above)
        above = parents.get(above)
    return frozenset(ours)


def _today(unit: UnitOfWork) -> date:
    return in_china(unit.now).date()


def _reasons(choice: Choice) -> dict[str, str]:
    if not choice.unfit:
        # All that were fit a moment ago have been taken by others, or there was none to begin with.
        return _NOT_LEASED
    words = [(UNFIT_WORDS[reason], count) for reason, count in sorted(choice.unfit.items())]
    return {
        "reasons_zh": "、".join(f"{word.zh} {count} 个" for word, count in words),
        "reasons_en": ", ".join(f"{count} {word.en}" for word, count in words),
    }
