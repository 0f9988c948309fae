"""Gathering what an inspection stands on: the transcript as turns, and what the case file knows about the call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.concessions.models import Concession
from anmi.casework.debtors.models import Phone
from anmi.core.calendar import in_china
from anmi.core.concessions import QUOTABLE
from anmi.core.contact_rules.facts import Relation
from anmi.core.inspection.model import Call as SpokenCall
from anmi.core.inspection.model import Facts, Party, Speaker, Turn
from anmi.core.money import Money
from anmi.core.transcripts import DEBTOR_CHANNEL
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Call, Direction
from anmi.telephony.transcripts.models import TEXT, CallTranscript, CallUtterance
from anmi.telephony.transcripts.service import Transcripts

CASE: Final = "case"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A call as the rules read it, and the rows it was read from."""

    call: Call
    spoken: SpokenCall
    lines: Sequence[CallUtterance]
    creditor_id: UUID | None


async def gather(unit: UnitOfWork, call: Call, transcript: CallTranscript | None) -> Gathered:
    """Return a call as the rules read it; without a transcript there are facts and no turns."""
    session = unit.session
    lines = await Transcripts(unit).plain(call.id) if transcript else ()
    case = await session.get(Case, call.subject_id) if call.subject_kind == CASE and call.subject_id else None
    phone = await session.get(Phone, call.point_id) if call.point_id else None
    spoken = SpokenCall(
        str(call.id),
        call.connected_at or call.asked_at,
        _party(phone),
        tuple(_turn(unit, line, phone) for line in lines),
        await _facts(session, call, case),
    )
    return Gathered(call, spoken, lines, case.creditor_id if case else None)


def _turn(unit: UnitOfWork, line: CallUtterance, phone: Phone | None) -> Turn:
    text = unit.open(TEXT, line.text_sealed) if line.text_sealed is not None else line.text
    theirs = Speaker.THIRD_PARTY if _party(phone) is Party.THIRD_PARTY else Speaker.DEBTOR
    speaker = theirs if line.channel == DEBTOR_CHANNEL else Speaker.AGENT
    return Turn(speaker, text, line.began_ms / 1000, line.ended_ms / 1000)


def _party(phone: Phone | None) -> Party:
    """Say who is to be expected at the other end; that the debtor's own phone is in her hand has to be verified."""
    if phone is None or phone.relation is Relation.DEBTOR:
        return Party.UNKNOWN
    return Party.THIRD_PARTY


async def _facts(session: AsyncSession, call: Call, case: Case | None) -> Facts:
    by_agent, is_inbound = call.ended_by == "agent", call.direction is Direction.INBOUND
    if case is None:
        return Facts(inbound=is_inbound, ended_by_agent=by_agent)
    began = call.connected_at or call.asked_at
    return Facts(
        owing=Money(case.owing_fen),
        days_past_due=max(0, (in_china(began).date() - case.overdue_on).days),
        concession_approved=await _has_concession(session, case.id),
        calls_today=await _calls_before(session, call, case, is_connected=True) + 1,
        attempts_today=await _calls_before(session, call, case, is_connected=False) + 1,
        inbound=is_inbound,
        ended_by_agent=by_agent,
    )


async def _has_concession(session: AsyncSession, case_id: UUID) -> bool:
    query = select(func.count()).where(Concession.case_id == case_id, Concession.state.in_(QUOTABLE))
    return bool(await session.scalar(query))


async def _calls_before(session: AsyncSession, call: Call, case: Case, *, is_connected: bool) -> int:
    """Count our earlier calls of the same day about the same debtor, across all of her cases."""
    day = in_china(call.asked_at).replace(hour=0, minute=0, second=0, microsecond=0)
    same_debtor = select(Case.id).where(Case.debtor_id == case.debtor_id)
    query = select(func.count()).where(
        Call.subject_kind == CASE,
        Call.subject_id.in_(same_debtor),
        Call.direction == Direction.OUTBOUND,
        Call.asked_at >= day,
        Call.asked_at < min(call.asked_at, day + timedelta(days=1)),
    )
    if is_connected:
        return await session.scalar(query.where(Call.connected_at.is_not(None))) or 0
    # Rule NUMBER_ATTEMPTS counts a number, not a person.
    return await session.scalar(query.where(Call.point_id == call.point_id)) or 0
