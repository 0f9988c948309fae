"""Caller ids (外显号码): the numbers the agency has leased, how each is doing, and which of them is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.caller_id_choice import Place
from anmi.core.masking import mask_digits
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound, Refusal
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.caller_ids import repository
from anmi.telephony.caller_ids.choosing import Chosen, NoCallerId, choose_for
from anmi.telephony.caller_ids.events import CallerIdChanged
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.caller_ids.sheet import (
    WRONG_WORDS,
    BadCell,
    Column,
    Finding,
    SheetUnreadable,
    Wrong,
    place_of,
    read_sheet,
)

__all__ = ["CallerIdState", "CallerIds", "Chosen", "NoCallerId"]

TOPIC: Final = "caller_ids"
_FACTS: Final = (
    "number",
    "city",
    "province",
    "licence",
    "daily_ceiling",
    "cool_down_seconds",
    "complaints",
    "complaint_ceiling",
    "state",
)


class NumberTaken(Conflict):
    """The number is listed already."""

    code = "CALLER_ID_TAKEN"
    zh, en = "该外显号码已存在", "This number is listed already"


class UnknownTrunkOrUnit(Invalid):
    """The trunk or the unit does not exist."""

    code = "UNKNOWN_TRUNK_OR_UNIT"
    zh, en = "所选线路或部门不存在", "There is no such trunk or unit"


class WrongPlace(Invalid):
    """The place is none, or not the number's own."""

    code = "CALLER_ID_PLACE"
    zh, en = "归属地有误：{column_zh}{wrong_zh}", "The place is wrong: {column_en} {wrong_en}"


class CallerIdEnded(Conflict):
    """A number that was given back is shown no more."""

    code = "CALLER_ID_ENDED"
    zh, en = "该外显号码已停用", "This number has ended"


class ListUnreadable(Invalid):
    """What was sent is no list of numbers."""

    code = "CALLER_ID_LIST_UNREADABLE"
    zh, en = "无法读取号码表：{detail}", "This is no list of numbers: {detail}"


class CallerIdChanges(TypedDict, total=False):
    """The fields a number is made of and an edit touches."""

    number: str
    city: str | None
    province: str | None
    trunk_id: UUID
    unit_id: UUID | None
    licence: str
    leased_until: date | None
    daily_ceiling: int
    cool_down_seconds: int
    complaint_ceiling: int


@dataclass(frozen=True, slots=True)
class CallerIdFilter:
    """Which numbers a list shows."""

    state: CallerIdState | None = None
    city: str | None = None
    trunk_id: UUID | None = None
    unit_id: UUID | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class CallerIdView:
    """A number and how often it was shown today."""

    row: CallerId
    shown_today: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a list: all of it is taken, or none."""

    added: int
    findings: tuple[Finding, ...]


class CallerIds:
    """The leased numbers of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, wanted: CallerIdFilter, ask: Ask) -> tuple[list[CallerIdView], str | None, int]:
        """Return one page of numbers, the cursor of the next, and how many there are."""
        rows, following, total = await repository.page(self._unit.session, _conditions(wanted), ask)
        return self._views(rows), following, total

    async def get(self, caller_id_id: UUID) -> CallerIdView:
        """Return a number."""
        return self._views([await self._row(caller_id_id)])[0]

    async def choose(self, place: Place, unit_id: UUID | None, engine_id: UUID | None = None, lines: int = 1) -> Chosen:
        """Choose the number that is shown to somebody of a place on a call of a unit, and write down that it is.

        It is held until the transaction ends, and so is the room for so many lines on its trunk: write the call with it
        in the same one, so that it counts. Raises NoCallerId, which says why none may be shown.
        """
        return await choose_for(self._unit, place, unit_id, engine_id, lines)

    async def add(self, facts: CallerIdChanges) -> CallerId:
        """Take a leased number into use."""
        row = CallerId(id=new_id(), tenant_id=self._unit.tenant_id, complaints=0, version=1, **facts)
        row.state = CallerIdState.ACTIVE
        row.province, row.city = await _checked_place(row.number, row.province, row.city)
        async with refused_as(self._unit.session, _refusals()):
            self._unit.session.add(row)
        self._unit.remember(AuditAction.CALLER_ID_ADDED, ("caller_id", row.id), **_facts_of(row))
        self._say(row)
        return row

    async def change(self, caller_id_id: UUID, version: int, changes: CallerIdChanges) -> CallerId:
        """Change what is written of a number."""
        row = await self._edited(caller_id_id, version)
        before = _facts_of(row)
        async with refused_as(self._unit.session, _refusals()):
            for name, value in changes.items():
                setattr(row, name, value)
            if changes.keys() & {"province", "city"}:
                row.province, row.city = await _checked_place(row.number, row.province, row.city)
        self._remember_change(row, before)
        return row

    async def rest(self, caller_id_id: UUID, version: int, until: datetime | None, reason: str) -> CallerId:
        """Show a number no more for a while; without an end, until it is taken up again."""
        row = await self._edited(caller_id_id, version)
        before = _facts_of(row)
        row.rests_until = until
        row.state = CallerIdState.ACTIVE if until is not None else CallerIdState.RESTING
        self._remember_change(row, before, reason=mask_digits(reason), until=until.isoformat() if until else None)
        return row

    async def take_up(self, caller_id_id: UUID, version: int, reason: str) -> CallerId:
        """Show a number again; what was complained of before is counted no more."""
        row = await self._edited(caller_id_id, version)
        before = _facts_of(row)
        row.state, row.rests_until, row.complaints = CallerIdState.ACTIVE, None, 0
        self._remember_change(row, before, reason=mask_digits(reason))
        return row

    async def end(self, caller_id_id: UUID, version: int) -> CallerId:
        """Give a number back; calls that showed it keep its name."""
        row = await self._edited(caller_id_id, version)
        before = _facts_of(row)
        row.state = CallerIdState.ENDED
        self._remember_change(row, before)
        return row

    async def complain(self, caller_id_id: UUID, reason: str) -> CallerId:
        """Count a complaint about a number; with too many it is shown no more."""
        row = await self._row(caller_id_id, lock=True)
        row.complaints += 1
        row.version += 1
        target, why = ("caller_id", row.id), mask_digits(reason)
        self._unit.remember(AuditAction.CALLER_ID_COMPLAINED, target, reason=why, complaints=row.complaints)
        self._say(row)
        return row

    async def take_list(self, content: bytes) -> Imported:
        """Take a list of numbers (csv) into use: all of them, or, where anything is wrong with one, none."""
        trunks = await repository.trunks_by_name(self._unit.session)
        units = await repository.units_by_name(self._unit.session)
        try:
            lines, findings = await asyncio.to_thread(read_sheet, content, trunks, units)
        except SheetUnreadable as fault:
            raise ListUnreadable(detail=str(fault)) from None
        known = await repository.numbers(self._unit.session, [line.number for line in lines])
        findings += [Finding(line.row, Column.NUMBER, Wrong.TWICE) for line in lines if line.number in known]
        if findings:
            return Imported(0, tuple(sorted(findings, key=lambda finding: finding.row)))
        for line in lines:
            self._unit.session.add(
                CallerId(
                    id=new_id(),
                    tenant_id=self._unit.tenant_id,
                    number=line.number,
                    city=line.city,
                    province=line.province,
                    trunk_id=line.trunk_id,
                    unit_id=line.unit_id,
                    licence=line.licence,
                    leased_until=line.leased_until,
                    daily_ceiling=line.daily_ceiling,
                    cool_down_seconds=line.cool_down_seconds,
                    complaint_ceiling=line.complaint_ceiling,
                    complaints=0,
                    state=CallerIdState.ACTIVE,
                    version=1,
                )
            )
        self._unit.remember(AuditAction.CALLER_IDS_IMPORTED, count=len(lines))
        self._unit.tell(TOPIC, "CallerIdsImported", count=len(lines))
        return Imported(len(lines), ())

    async def _row(self, caller_id_id: UUID, *, lock: bool = False) -> CallerId:
        row = await repository.one(self._unit.session, caller_id_id, lock=lock)
        if row is None:
            raise NotFound
        return row

    async def _edited(self, caller_id_id: UUID, version: int) -> CallerId:
        row = await self._row(caller_id_id, lock=True)
        row.edit(version)
        if row.state is CallerIdState.ENDED:
            raise CallerIdEnded
        return row

    def _views(self, rows: Sequence[CallerId]) -> list[CallerIdView]:
        today = in_china(self._unit.now).date()
        return [CallerIdView(row, row.shown_today(today)) for row in rows]

    def _remember_change(self, row: CallerId, before: Mapping[str, Any], **facts: Any) -> None:
        changed = difference(before, _facts_of(row)) | facts
        self._unit.remember(AuditAction.CALLER_ID_CHANGED, ("caller_id", row.id), **changed)
        self._say(row)

    def _say(self, row: CallerId) -> None:
        self._unit.announce(CallerIdChanged(row.id), TOPIC)


def _conditions(wanted: CallerIdFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(CallerId.state == wanted.state)
    if wanted.city is not None:
        conditions.append(CallerId.city == wanted.city)
    if wanted.trunk_id is not None:
        conditions.append(CallerId.trunk_id == wanted.trunk_id)
    if wanted.unit_id is not None:
        conditions.append(CallerId.unit_id == wanted.unit_id)
    if wanted.q:
        conditions.append(CallerId.number.contains(wanted.q, autoescape=True))
    return conditions


async def _checked_place(number: str, province: str | None, city: str | None) -> tuple[str | None, str | None]:
    try:
        # The table of places is large: the first who asks waits a second for it.
        return await asyncio.to_thread(place_of, number, province, city)
    except BadCell as fault:
        words = WRONG_WORDS[fault.wrong]
        column = fault.column
        raise WrongPlace(
            column_zh=column, column_en=column.name.lower(), wrong_zh=words.zh, wrong_en=words.en
        ) from None


def _refusals() -> dict[str, Refusal]:
    return {
        "uq_caller_ids_tenant_id_number": NumberTaken(),
        "fk_caller_ids_trunk_id": UnknownTrunkOrUnit(),
        "fk_caller_ids_unit_id": UnknownTrunkOrUnit(),
    }


def _facts_of(row: CallerId) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in _FACTS}
    return facts | {
        "trunk_id": str(row.trunk_id),
        "unit_id": str(row.unit_id) if row.unit_id else None,
        "leased_until": row.leased_until.isoformat() if row.leased_until else None,
    }
