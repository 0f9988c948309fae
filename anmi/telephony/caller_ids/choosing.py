"""Choosing the number that is shown: asked of the core, then taken, so that two who choose at once share no ceiling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from anmi.core.calendar import in_china, start_of
from anmi.core.caller_id_choice import UNFIT_WORDS, Choice, Place, Shown, choose, unfitness
from anmi.identity.org_units.service import OrgUnits
from anmi.kit.errors import Conflict
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.caller_ids import repository
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.trunks.service import Trunks, switch_name

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
    """What the numbers are looked at by: the units above the one that calls, and the ranks of usable trunks."""

    ours: frozenset[UUID]
    ranks: Mapping[UUID, int]

    def shown(self, row: CallerId, shown_today: int) -> Shown:
        """Return a number as the core sees it."""
        return Shown(
            id=row.id,
            province=row.province,
            city=row.city,
            is_active=row.state is CallerIdState.ACTIVE,
            rests_until=row.rests_until,
            leased_until=row.leased_until,
            daily_ceiling=row.daily_ceiling,
            shown_today=shown_today,
            cool_down=timedelta(seconds=row.cool_down_seconds),
            last_shown_at=row.last_shown_at,
            complaints=row.complaints,
            complaint_ceiling=row.complaint_ceiling,
            has_ended=row.state is CallerIdState.ENDED,
            is_ours=row.unit_id is None or row.unit_id in self.ours,
            trunk_rank=self.ranks.get(row.trunk_id),
        )


async def choose_for(
    unit: UnitOfWork, place: Place, unit_id: UUID | None, engine_id: UUID | None, lines: int
) -> Chosen:
    """Choose the number that is shown to somebody of a place, on a call of a unit; raise NoCallerId."""
    pool = await _pool(unit, unit_id, engine_id)
    rows = await repository.near(unit.session, place)
    shown_today = await _shown_today(unit, [row.id for row in rows])
    now, today = unit.now, in_china(unit.now).date()
    choice = choose(place, [pool.shown(row, shown_today.get(row.id, 0)) for row in rows], now, today)
    # First whatever nobody holds at this instant; only when all are held is somebody waited for.
    for waits in (False, True):
        for caller_id_id in choice.fit:
            if (taken := await _take(unit, pool, caller_id_id, lines, waits=waits)) is not None:
                return Chosen(taken.id, taken.number, taken.trunk_id, switch_name(taken.trunk_id))
    raise NoCallerId(**_reasons(choice))


async def _take(unit: UnitOfWork, pool: Pool, caller_id_id: UUID, lines: int, *, waits: bool) -> CallerId | None:
    """Hold a number, look again, and write down that it is shown; let go of it where it no longer fits."""
    savepoint = await unit.session.begin_nested()
    row = await repository.locked(unit.session, caller_id_id, waits=waits)
    if row is not None:
        count = (await _shown_today(unit, [row.id])).get(row.id, 0)
        is_fit = unfitness(pool.shown(row, count), unit.now, in_china(unit.now).date()) is None
        if is_fit and await Trunks(unit).has_room(row.trunk_id, lines):
            await repository.show(unit.session, row.id, unit.now)
            await savepoint.commit()
            return row
    await savepoint.rollback()
    return None


async def _pool(unit: UnitOfWork, unit_id: UUID | None, engine_id: UUID | None) -> Pool:
    parents = await OrgUnits(unit).parents()
    ours: set[UUID] = set()
    above = unit_id
    while above is not None and above not in ours:
        ours.add(above)
        above = parents.get(above)
    usable = await Trunks(unit).usable(engine_id)
    return Pool(frozenset(ours), {trunk.id: trunk.rank for trunk in usable})


async def _shown_today(unit: UnitOfWork, ids: Sequence[UUID]) -> Mapping[UUID, int]:
    return await repository.shown_since(unit.session, ids, start_of(in_china(unit.now).date()))


def _reasons(choice: Choice) -> dict[str, str]:
    if not choice.unfit:
        # All that were fit a moment ago have been taken by others, or there was none to begin with.
        return _NOT_LEASED
    words = [(UNFIT_WORDS[reason], count) for reason, count in sorted(choice.unfit.items())]
    return {
        "reasons_zh": "、".join(f"{word.zh} {count} 个" for word, count in words),
        "reasons_en": ", ".join(f"{count} {word.en}" for word, count in words),
    }
