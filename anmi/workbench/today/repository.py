"""What somebody has done today, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.payments.models import Payment, PaymentState
from anmi.casework.promises.models import PromiseToPay
from anmi.core.contact_rules.facts import VOICE
from anmi.kit.db import Base
from anmi.telephony.calls.models import Call
from anmi.workbench.contact_gate.models import ContactAttempt


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Calls and how long they lasted, promises and what they come to, money that came in."""

    calls: int
    talk_seconds: int
    promises: int
    promised_fen: int
    recovered_fen: int


async def figures(session: AsyncSession, person_id: UUID, since: datetime) -> DayFigures:
    """Return what somebody has done since an instant."""
    called = and_(
        ContactAttempt.by == person_id,
        ContactAttempt.at >= since,
        ContactAttempt.allowed,
        ContactAttempt.channel.in_(VOICE),
    )
    # A call over the house's phone was confirmed as it was dialled, and tells itself how long they talked.
    by_hand = and_(called, ContactAttempt.confirmed_at.is_(None))
    told = func.extract("epoch", ContactAttempt.ended_at - ContactAttempt.at)
    talked = and_(Call.person_id == person_id, Call.connected_at >= since, Call.ended_at.is_not(None))
    heard = func.extract("epoch", Call.ended_at - Call.connected_at)
    took = and_(PromiseToPay.taken_by == person_id, PromiseToPay.taken_at >= since)
    posted = and_(Payment.collector_id == person_id, Payment.posted_at >= since, Payment.state == PaymentState.POSTED)
    query = select(
        select(func.count()).where(called).select_from(ContactAttempt).scalar_subquery(),
        cast(_sum(told, ContactAttempt, by_hand) + _sum(heard, Call, talked), Integer),
        select(func.count()).where(took).select_from(PromiseToPay).scalar_subquery(),
        select(func.coalesce(func.sum(PromiseToPay.amount_fen), 0)).where(took).scalar_subquery(),
        select(func.coalesce(func.sum(Payment.amount_fen), 0)).where(posted).scalar_subquery(),
    )
    return DayFigures(*(int(value) for value in (await session.execute(query)).one()))


def _sum(seconds: ColumnElement[Any], table: type[Base], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return select(func.coalesce(func.sum(seconds), 0)).where(condition).select_from(table).scalar_subquery()
