"""Help for a debtor in need: the case is paused, or somebody is asked to see to it. Given twice, it is given once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from anmi.casework.cases.service import CaseLives
from anmi.casework.holds.service import Holds
from anmi.core.alarms import SIGNALS, DebtorSignal
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import OPEN
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.work_orders import WorkOrderKind
from anmi.kit.errors import Conflict
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.live_watch import repository
from anmi.quality.live_watch.service import TOPIC, LiveWatch
from anmi.telephony.calls.models import Call
from anmi.workbench.work_orders.service import WorkOrders

CASE: Final = "case"

_PAUSES: Final = {
    DebtorSignal.ILLNESS: HoldReason.HARDSHIP,
    # Who is represented is written to, not called.
    DebtorSignal.LAWYER: HoldReason.CEASE_REQUEST,
}
_ORDERS: Final = {
    DebtorSignal.COMPLAINT: WorkOrderKind.COMPLAINT,
    DebtorSignal.NOT_ME: WorkOrderKind.DISPUTE,
    DebtorSignal.DESPAIR: WorkOrderKind.CALL_BACK,
}


class NoSignal(Conflict):
    """Nothing of the kind was heard on this call."""

    code = "SIGNAL_NOT_HEARD"
    zh, en = "该通话未听到此类客户信号", "No such signal was heard on this call"


class NoCaseToHelp(Conflict):
    """The call is about no open case."""

    code = "HELP_WITHOUT_CASE"
    zh, en = "该通话未关联在办案件", "This call is about no open case"


@dataclass(frozen=True, slots=True)
class Helping:
    """The help of one agency, on behalf of one caller."""

    unit: UnitOfWork

    async def give(self, call_id: UUID, signal: DebtorSignal) -> None:
        """Give the help that a signal calls for."""
        call = await LiveWatch(self.unit).call(call_id)
        await self.give_on(call, signal)

    async def give_on(self, call: Call, signal: DebtorSignal) -> None:
        """Give the help that a signal on this call calls for."""
        await self.unit.session.flush()
        watched = await repository.locked(self.unit.session, call.id)
        heard = [each for each in watched.signals if each["code"] == signal] if watched else []
        if watched is None or not heard:
            raise NoSignal
        if call.subject_kind != CASE or call.subject_id is None:
            raise NoCaseToHelp
        await self._help(call.subject_id, call.id, signal, heard[0]["words"])
        watched.signals = [each | {"is_given": each["is_given"] or each["code"] == signal} for each in watched.signals]
        self.unit.remember(AuditAction.SIGNAL_HELPED, ("call", call.id), signal=signal, help=SIGNALS[signal].help)
        self.unit.tell(TOPIC, "Signal", call_id=call.id, holder_id=call.person_id, unit_id=call.unit_id)

    async def _help(self, case_id: UUID, call_id: UUID, signal: DebtorSignal, words: str) -> None:
        case = await CaseLives(self.unit).of_system(case_id)
        if case.state not in OPEN:
            raise NoCaseToHelp
        note = f"{SIGNALS[signal].words.zh}：{words}"
        if reason := _PAUSES.get(signal):
            await Holds(self.unit).ensure(case, reason, note)
        else:
            await WorkOrders(self.unit).open_for(_ORDERS[signal], case.id, note, call_id)
