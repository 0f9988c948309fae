"""The diary of cases (催记): one entry is one transaction, with everything the code table says follows from it.

An entry is never changed; what was wrong in it is said by another one that corrects it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.casework.activities import repository
from anmi.casework.activities.events import ActivityRecorded
from anmi.casework.activities.models import Activity, NoteTemplate
from anmi.casework.activities.repository import WrittenRow
from anmi.casework.cases.models import Case
from anmi.casework.cases.service import Cases, DayIsPast, visible
from anmi.casework.debtors.models import Phone
from anmi.casework.debtors.service import Debtors
from anmi.casework.holds.service import Holds
from anmi.casework.payments.service import PaymentClaim, Payments
from anmi.casework.promises.models import PromiseToPay
from anmi.casework.promises.service import Promises
from anmi.casework.tables import code_table
from anmi.core.case_life import Capability
from anmi.core.codes import CodeTable, ContactLevel, Field, Follow, ResultCode
from anmi.core.contact_rules.facts import HoldReason, Relation
from anmi.core.money import Money
from anmi.core.number_state import NumberState
from anmi.core.permissions import Permission
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.special_groups import SpecialGroup
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

_HOLD_FOR: Final = {
    Follow.HOLD_FOR_DISPUTE: HoldReason.DISPUTE,
    Follow.HOLD_FOR_COMPLAINT: HoldReason.COMPLAINT,
    Follow.HOLD_FOR_HARDSHIP: HoldReason.HARDSHIP,
    Follow.HOLD_FOR_DECEASED: HoldReason.DECEASED,
}
_FLAG_FOR: Final = {
    Follow.FLAG_ILLNESS: SpecialGroup.SEVERE_ILLNESS,
    Follow.FLAG_IMPRISONED: SpecialGroup.IMPRISONED,
    Follow.FLAG_LAWYER: SpecialGroup.REPRESENTED_BY_LAWYER,
}
_OF_A_NUMBER: Final = frozenset({Follow.SUPPRESS_NUMBER, Follow.STOP_THIRD_PARTY})


class UnknownCode(Invalid):
    """The code table does not have this code, or keeps it for the house itself."""

    code = "UNKNOWN_CODE"
    zh, en = "没有可选的代码“{given}”", "There is no code {given} to choose"


class FieldsMissing(Invalid):
    """The result demands more than was given."""

    code = "FIELDS_MISSING"
    zh, en = "结果“{result}”还需填写：{fields}", "The result {result} also needs: {fields}"


class NumberMissing(Invalid):
    """The result speaks of a number, and none was given."""

    code = "NUMBER_MISSING"
    zh, en = "结果“{result}”需要选择一个号码", "The result {result} is about a number; choose one"


class CorrectionOfCorrection(Conflict):
    """A correction is not corrected; the entry itself is."""

    code = "CORRECTION_OF_CORRECTION"
    zh, en = "请更正原始催记", "Correct the original entry instead"


@dataclass(frozen=True, slots=True)
class PromiseSaid:
    """What the debtor promised."""

    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class NumberSaid:
    """A new number the debtor gave."""

    number: str
    relation: Relation
    source: ContactSource


@dataclass(frozen=True, slots=True)
class Disposition:
    """What was done on a case, what came of it, and what is said besides."""

    action_code: str
    result_code: str
    note: str = ""
    phone_id: UUID | None = None
    attempt_id: UUID | None = None
    call_id: UUID | None = None
    next_action_at: datetime | None = None
    promise: PromiseSaid | None = None
    claim: PaymentClaim | None = None
    dispute_reason: str | None = None
    new_number: NumberSaid | None = None

    def given(self) -> frozenset[Field]:
        """Return which of the fields a result can demand are there."""
        there = {
            Field.PROMISE_AMOUNT: self.promise,
            Field.PROMISE_DUE_ON: self.promise,
            Field.CLAIMED_AMOUNT: self.claim,
            Field.CLAIMED_ON: self.claim,
            Field.CALL_BACK_AT: self.next_action_at,
            Field.DISPUTE_REASON: self.dispute_reason,
            Field.NEW_NUMBER: self.new_number,
            Field.NOTE: self.note or None,
        }
        return frozenset(field for field, value in there.items() if value is not None)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry, and the promise that was taken with it."""

    activity: Activity
    promise: PromiseToPay | None


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """Which entries a list shows."""

    case_id: UUID | None = None
    by: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


class Activities:
    """The diary of one agency's cases, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._cases = Cases(unit)
        self._debtors = Debtors(unit)

    @property
    def codes(self) -> CodeTable:
        """The codes of the diary."""
        return code_table()

    async def page(self, wanted: ActivityFilter, ask: Ask) -> tuple[Sequence[Activity], str | None]:
        """Return one page of the diary within sight, the newest first, and the cursor of the next."""
        return await repository.page(self._unit.session, self._conditions(wanted), ask)

    async def written(self, wanted: ActivityFilter, ask: Ask) -> tuple[list[WrittenRow], str | None]:
        """Return one page of the diary with the names around it, and the cursor of the next."""
        return await repository.written(self._unit.session, self._conditions(wanted), ask)

    async def count(self, wanted: ActivityFilter) -> int:
        """Count the entries within sight."""
        return await repository.count(self._unit.session, self._conditions(wanted))

    def _conditions(self, wanted: ActivityFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [visible(self._unit)]
        if wanted.case_id is not None:
            conditions.append(Activity.case_id == wanted.case_id)
        if wanted.by is not None:
            conditions.append(Activity.by == wanted.by)
        if wanted.since is not None:
            conditions.append(Activity.at >= wanted.since)
        if wanted.until is not None:
            conditions.append(Activity.at < wanted.until)
        return conditions

    async def record(self, case_id: UUID, said: Disposition) -> Recorded:
        """Write an entry and let happen what its result asks for."""
        result = self._check(said)
        case = await self._cases.get(case_id, Permission.CASES_WORK, lock=True)
        self._cases.require(case, Capability.NOTE)
        phone = await self._debtors.phone(case.debtor_id, said.phone_id) if said.phone_id is not None else None
        if phone is None and (result.number_state is not None or result.follows & _OF_A_NUMBER):
            raise NumberMissing(result=result.zh)
        activity = await self._write(case, said)
        promise = await self._take_promise(case, said, activity)
        await self._follow(case, said, result, phone)
        self._unit.announce(
            ActivityRecorded(activity.id, case.id, said.phone_id, said.attempt_id, result.code, result.follows)
        )
        self._cases.tell(case, "ActivityRecorded")
        return Recorded(activity, promise)

    async def record_once(self, case_id: UUID, said: Disposition) -> Recorded:
        """Write the entry of a contact, or return the one that it has already."""
        # Who waits here sees the entry of whoever was quicker.
        await self._cases.get(case_id, Permission.CASES_WORK, lock=True)
        known = await repository.of_contact(self._unit.session, case_id, said.attempt_id, said.call_id)
        if known is None:
            return await self.record(case_id, said)
        return Recorded(known, await repository.promise_of(self._unit.session, known.id))

    async def correct(self, activity_id: UUID, note: str, result_code: str | None) -> Activity:
        """Say what was wrong in an entry. What followed from it stays: that is undone where it stands."""
        wrong = await repository.one(self._unit.session, activity_id)
        if wrong is None:
            raise NotFound
        case = await self._cases.get(wrong.case_id, Permission.CASES_WORK, lock=True)
        self._cases.require(case, Capability.NOTE)
        if wrong.corrects is not None:
            raise CorrectionOfCorrection
        if result_code is not None:
            self._result(result_code)
        activity = Activity(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=wrong.case_id,
            at=self._unit.now,
            by=self._unit.caller.person_id,
            action_code=wrong.action_code,
            result_code=result_code or wrong.result_code,
            phone_id=wrong.phone_id,
            note=note,
            corrects=wrong.id,
        )
        self._unit.session.add(activity)
        await self._unit.session.flush()
        self._cases.tell(case, "ActivityRecorded")
        return activity

    async def templates(self) -> Sequence[NoteTemplate]:
        """Return the forms of words for notes."""
        return await repository.templates(self._unit.session)

    async def replace_templates(self, texts: Sequence[tuple[str, str]]) -> Sequence[NoteTemplate]:
        """Let these results and texts be all the forms of words there are."""
        for result_code, _ in texts:
            self._result(result_code)
        rows = [
            NoteTemplate(id=new_id(), tenant_id=self._unit.tenant_id, result_code=result_code, text=text)
            for result_code, text in texts
        ]
        await repository.replace_templates(self._unit.session, rows)
        return await self.templates()

    def _check(self, said: Disposition) -> ResultCode:
        if said.action_code not in self.codes.actions:
            raise UnknownCode(given=said.action_code)
        result = self._result(said.result_code)
        missing = result.missing(said.given())
        if missing:
            raise FieldsMissing(result=result.zh, fields=", ".join(missing))
        if said.next_action_at is not None and said.next_action_at < self._unit.now:
            raise DayIsPast
        return result

    def _result(self, code: str) -> ResultCode:
        result = self.codes.results.get(code)
        if result is None or not result.may_be_chosen:
            raise UnknownCode(given=code)
        return result

    async def _write(self, case: Case, said: Disposition) -> Activity:
        activity = Activity(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            at=self._unit.now,
            by=self._unit.caller.person_id,
            action_code=said.action_code,
            result_code=said.result_code,
            phone_id=said.phone_id,
            attempt_id=said.attempt_id,
            call_id=said.call_id,
            note=said.note,
            next_action_at=said.next_action_at,
        )
        self._unit.session.add(activity)
        case.last_activity_at, case.last_result = self._unit.now, said.result_code
        case.next_action_at = said.next_action_at
        await self._unit.session.flush()
        return activity

    async def _take_promise(self, case: Case, said: Disposition, activity: Activity) -> PromiseToPay | None:
        if said.promise is None:
            return None
        return await Promises(self._unit).take_on(case, said.promise.amount, said.promise.due_on, activity.id)

    async def _follow(self, case: Case, said: Disposition, result: ResultCode, phone: Phone | None) -> None:
        if phone is not None:
            await self._learn(phone, said, result)
        if said.claim is not None:
            await Payments(self._unit).claim(case.id, said.claim)
        if said.new_number is not None:
            number = said.new_number
            await self._debtors.add_phone(case.debtor_id, number.number, number.relation, number.source)
        holds, note = Holds(self._unit), said.dispute_reason or said.note
        for follow in sorted(result.follows):
            if follow in _HOLD_FOR:
                await holds.ensure(case, _HOLD_FOR[follow], note)
            elif follow in _FLAG_FOR:
                await holds.flag_debtor(case.debtor_id, _FLAG_FOR[follow], note)

    async def _learn(self, phone: Phone, said: Disposition, result: ResultCode) -> None:
        """Write down what an entry tells of a number."""
        if result.number_state is not None:
            self._debtors.observe(phone, result.number_state, "collector")
        elif result.levels == frozenset({ContactLevel.RIGHT_PARTY}):
            phone.is_right_party = True
            if phone.state is not NumberState.ACTIVE:
                self._debtors.observe(phone, NumberState.ACTIVE, "collector")
        if Follow.STOP_THIRD_PARTY in result.follows:
            self._debtors.stop(phone)
        if Follow.SUPPRESS_NUMBER in result.follows:
            await self._debtors.suppress_phone(phone, said.note or result.zh)
