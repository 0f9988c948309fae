"""Alarms over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from anmi.core.alarms import AlarmStatus
from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.quality.alarms.schemas import AlarmAnswerAsked, AlarmEscalationAsked, AlarmFiguresSeen, AlarmSeen
from anmi.quality.alarms.service import AlarmFilter, Alarms

router = room("/quality/alarms")

answers = requires(Permission.ALARMS_ANSWER)

AlarmCode = Annotated[str, Query(max_length=40)]


async def _wanted(
    status: Annotated[frozenset[AlarmStatus], Query()] = frozenset(),
    unit_id: UUID | None = None,
    person_id: UUID | None = None,
    call_id: UUID | None = None,
    code: AlarmCode | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> AlarmFilter:
    return AlarmFilter(status, unit_id, person_id, call_id, code, since, until)


Wanted = Annotated[AlarmFilter, Depends(_wanted)]


@router.get("", dependencies=[answers])
async def list_alarms(unit: Unit, ask: PageAsk, wanted: Wanted) -> Page[AlarmSeen]:
    """Return alarms within sight, the latest first."""
    views, following = await Alarms(unit).page(wanted, ask)
    return Page(items=[AlarmSeen.of(view) for view in views], next=following)


@router.get("/figures", dependencies=[answers])
async def get_alarm_figures(unit: Unit, wanted: Wanted) -> AlarmFiguresSeen:
    """Return what the alarms within sight come to, in all and by code."""
    return AlarmFiguresSeen.of(*await Alarms(unit).figures(wanted))


@router.get("/{id}", dependencies=[answers])
async def get_alarm(unit: Unit, alarm_id: Id) -> AlarmSeen:
    """Return an alarm."""
    return AlarmSeen.of(await Alarms(unit).get(alarm_id))


@router.post("/{id}/answer", dependencies=[answers])
async def answer_alarm(unit: Unit, alarm_id: Id, body: AlarmAnswerAsked) -> AlarmSeen:
    """Say what was done about an alarm."""
    return AlarmSeen.of(await Alarms(unit).answer(alarm_id, body.version, body.answer, body.note))


@router.post("/{id}/escalate", dependencies=[answers])
async def escalate_alarm(unit: Unit, alarm_id: Id, body: AlarmEscalationAsked) -> AlarmSeen:
    """Hand an alarm to the unit above."""
    return AlarmSeen.of(await Alarms(unit).escalate(alarm_id, body.note))
