"""The line a debtor is called over: a trunk that is well, and a leased number of hers that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select

from anmi.casework.debtors.models import Phone
from anmi.core.calendar import in_china, start_of
from anmi.kit.errors import Conflict
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.caller_ids.models import CallerId, CallerIdState
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk
from anmi.telephony.trunks.service import Trunks


class NoCallerId(Conflict):
    """No leased number may be shown now."""

    code = "NO_CALLER_ID"
    zh, en = "没有可用的外显号码", "No leased number can be shown now"


@dataclass(frozen=True, slots=True)
class Line:
    """What a call goes over, and what it shows."""

    trunk: Trunk
    caller_id: CallerId


class Lines:
    """The lines of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def choose(self, engine_id: UUID, phone: Phone, unit_id: UUID) -> Line:
        """Return a line: a number of the debtor's own city, else of her province, else of the country."""
        trunks = {trunk.id: trunk for trunk in await Trunks(self._unit).usable(engine_id)}
        today = in_china(self._unit.now).date()
        shown = (
            select(func.count())
            .select_from(Call)
            .where(Call.caller_id_id == CallerId.id, Call.asked_at >= start_of(today))
            .scalar_subquery()
        )
        query = select(CallerId).where(
            CallerId.state == CallerIdState.ACTIVE,
            CallerId.trunk_id.in_(trunks),
            or_(CallerId.unit_id.is_(None), CallerId.unit_id == unit_id),
            or_(CallerId.leased_until.is_(None), CallerId.leased_until >= today),
            CallerId.complaints < CallerId.complaint_ceiling,
            shown < CallerId.daily_ceiling,
        )
        fit = (await self._unit.session.scalars(query.order_by(CallerId.last_shown_at.nulls_first()))).all()
        chosen = min(fit, key=lambda each: _distance(each, phone), default=None)
        if chosen is None:
            raise NoCallerId
        chosen.last_shown_at = self._unit.now
        return Line(trunks[chosen.trunk_id], chosen)


def _distance(caller_id: CallerId, phone: Phone) -> int:
    if caller_id.city is not None and caller_id.city == phone.city:
        return 0
    if caller_id.province is not None and caller_id.province == phone.province:
        return 1
    return 2 if caller_id.province is None else 3
