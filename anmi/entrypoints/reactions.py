"""What follows from what, on one page: a room announces an event, and here stands what happens next.

A reaction runs in the unit of work of its event, so it happens exactly when its reason does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from anmi.casework.activities.events import ActivityRecorded
from anmi.casework.cases.events import CaseClosed
from anmi.casework.concessions.service import Settling
from anmi.casework.holds.events import HoldPlaced
from anmi.casework.holds.service import Holds
from anmi.casework.opening.events import OpeningStarted
from anmi.casework.opening.tasks import open_in_background
from anmi.casework.payments.events import PaymentClaimed, PaymentPosted, PaymentRejected, PaymentReversed
from anmi.casework.placements.events import BalancesRestated, CasesTakenAway, CommitAsked, SheetReceived
from anmi.casework.placements.tasks import check_sheet, commit_sheet, follow_closing
from anmi.casework.promises.service import Promises
from anmi.core.codes import Follow
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.work_orders import WorkOrderKind
from anmi.kit.events import Event
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.alarms.events import AlarmEscalated, AlarmRaised
from anmi.quality.alarms.service import Alarms
from anmi.quality.alarms.tasks import escalate_in_time
from anmi.quality.inspections.service import Inspections
from anmi.quality.inspections.tasks import INSPECT_AGAIN, inspect_in_background
from anmi.quality.live_watch.service import LiveWatch
from anmi.quality.packs.events import PackPublished
from anmi.telephony.calls.events import CallEnded, NumberLearnt
from anmi.telephony.recordings.events import RecordingDeleted, RecordingKept, RecordingSealed
from anmi.telephony.recordings.tasks import store_recording
from anmi.telephony.transcripts.announced import read_announcement
from anmi.telephony.transcripts.events import TranscriptAsked, TranscriptMissing, TranscriptWritten
from anmi.telephony.transcripts.service import Transcripts
from anmi.telephony.transcripts.tasks import transcribe_in_background
from anmi.telephony.trunks.service import Trunks
from anmi.workbench.calling.ended import write_number, write_outcome
from anmi.workbench.work_orders.service import WorkOrders

Reaction = Callable[[UnitOfWork, Any], Awaitable[None]]


async def settle_promise(
    unit: UnitOfWork, event: PaymentClaimed | PaymentPosted | PaymentRejected | PaymentReversed
) -> None:
    """Money came, is said to have come, or did not come after all: the promise of the case is held against it."""
    await Promises(unit).settle(event.case_id)


async def end_promise(unit: UnitOfWork, event: CaseClosed) -> None:
    """A closed case has no promise to wait for."""
    await Promises(unit).end_with_case(event.case_id, event.closing_reason)


async def end_holds(unit: UnitOfWork, event: CaseClosed) -> None:
    """A closed case is not held any more."""
    await Holds(unit).end_all(event.case_id, event.closing_reason)


async def end_work_orders(unit: UnitOfWork, event: CaseClosed) -> None:
    """Nobody works a closed case; who complained is still answered."""
    await WorkOrders(unit).end_with_case(event.case_id, event.closing_reason)


async def settle_case(unit: UnitOfWork, event: PaymentPosted) -> None:
    """Money came: relief is earned, instalments are paid, the case may close."""
    await Settling(unit).after_payment(event.case_id)


async def close_if_nothing_is_owed(unit: UnitOfWork, event: BalancesRestated) -> None:
    """The creditor's own figures say that nothing is owed any more."""
    await Settling(unit).after_restating(event.case_id)


async def open_case_again(unit: UnitOfWork, event: PaymentReversed) -> None:
    """The money was none: what was closed by it is open again."""
    await Settling(unit).after_reversal(event.case_id)


async def end_relief(unit: UnitOfWork, event: CaseClosed) -> None:
    """A closed case has no request, no concession and no plan to wait for."""
    await Settling(unit).after_closing(event.case_id)


_ORDER_FOR_HOLD: Final = {HoldReason.COMPLAINT: WorkOrderKind.COMPLAINT, HoldReason.DISPUTE: WorkOrderKind.DISPUTE}
_ORDER_FOR_FOLLOW: Final = {
    Follow.ASK_CONCESSION: WorkOrderKind.CONCESSION_REQUEST,
    Follow.ASK_INSTALMENTS: WorkOrderKind.INSTALMENT_REQUEST,
    Follow.PLAN_CALL_BACK: WorkOrderKind.CALL_BACK,
}


async def see_to_hold(unit: UnitOfWork, event: HoldPlaced) -> None:
    """Somebody has to answer a complaint or a dispute by its time."""
    if event.reason in _ORDER_FOR_HOLD:
        await WorkOrders(unit).open_for(_ORDER_FOR_HOLD[event.reason], event.case_id, "")


async def see_to_request(unit: UnitOfWork, event: ActivityRecorded) -> None:
    """The debtor asked for relief, or to be called back: somebody has to see to it."""
    for follow in sorted(event.follows & _ORDER_FOR_FOLLOW.keys()):
        await WorkOrders(unit).open_for(_ORDER_FOR_FOLLOW[follow], event.case_id, "")


async def ask_for_text(unit: UnitOfWork, event: RecordingKept) -> None:
    """Every recorded call is turned into text."""
    await Transcripts(unit).ask(event.recording_id, event.call_id)


async def forget_text(unit: UnitOfWork, event: RecordingDeleted) -> None:
    """What was said is kept no longer than the sound of it."""
    await Transcripts(unit).forget(event.call_id)
    await LiveWatch(unit).forget(event.call_id)
    await Inspections(unit).forget_words(event.call_id)
    await Alarms(unit).forget_words(event.call_id)


async def let_live_text_go(unit: UnitOfWork, event: TranscriptWritten) -> None:
    """What was heard in haste gives way to what was heard at leisure."""
    await LiveWatch(unit).forget_text(event.call_id)


async def hear_of_trunk(unit: UnitOfWork, event: CallEnded) -> None:
    """What a call met on its way tells how its trunk fares."""
    await Trunks(unit).heard(event.call_id, event.ending)


async def inspect_again(unit: UnitOfWork, event: PackPublished) -> None:
    """The rules have changed: the calls somebody asked for are held against the new ones."""
    if event.again_from is not None:
        await INSPECT_AGAIN.defer(unit, since=event.again_from.isoformat())


REACTIONS: Final[dict[type[Event], tuple[Reaction, ...]]] = {
    ActivityRecorded: (see_to_request,),
    HoldPlaced: (see_to_hold,),
    PaymentClaimed: (settle_promise,),
    PaymentPosted: (settle_promise, settle_case),
    PaymentRejected: (settle_promise,),
    PaymentReversed: (open_case_again, settle_promise),
    BalancesRestated: (close_if_nothing_is_owed,),
    SheetReceived: (check_sheet,),
    CommitAsked: (commit_sheet,),
    CasesTakenAway: (follow_closing,),
    OpeningStarted: (open_in_background,),
    CaseClosed: (end_promise, end_relief, end_holds, end_work_orders),
    RecordingSealed: (store_recording,),
    CallEnded: (hear_of_trunk, write_outcome),
    NumberLearnt: (write_number,),
    RecordingKept: (ask_for_text,),
    RecordingDeleted: (forget_text,),
    TranscriptAsked: (transcribe_in_background,),
    TranscriptWritten: (let_live_text_go, read_announcement, inspect_in_background),
    TranscriptMissing: (inspect_in_background,),
    PackPublished: (inspect_again,),
    AlarmRaised: (escalate_in_time,),
    AlarmEscalated: (escalate_in_time,),
}


async def react(unit: UnitOfWork, event: Event) -> None:
    """Let happen what follows from an event."""
    for reaction in REACTIONS.get(type(event), ()):
        await reaction(unit, event)
