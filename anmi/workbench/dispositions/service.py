"""Dispositions (话务小结): the outcome of a contact and its diary entry, in one transaction, and once per contact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from anmi.casework.activities.service import Activities, Disposition, Recorded
from anmi.core.contact_rules.facts import Outcome
from anmi.core.number_state import NumberState
from anmi.kit.errors import Invalid, NotFound
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls.service import Calls
from anmi.workbench.contact_gate.models import ContactAttempt
from anmi.workbench.contact_gate.service import AttemptEnded, ContactGate


class AttemptOfOtherCase(Invalid):
    """The contact was made on another case."""

    code = "ATTEMPT_OF_OTHER_CASE"
    zh, en = "该次联系不属于此案件", "This contact was not made on this case"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a contact: its outcome and what it says of the number, and the entry, which names the contact."""

    case_id: UUID
    entry: Disposition
    outcome: Outcome | None = None
    number_state: NumberState | None = None


@dataclass(frozen=True, slots=True)
class Disposed:
    """The entry that was written, and how the contact ended."""

    recorded: Recorded
    outcome: Outcome | None


class Dispositions:
    """Dispositions of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._activities = Activities(unit)

    async def dispose(self, told: Told) -> Disposed:
        """End the contact and write its entry; who tells it again is answered with the entry that stands."""
        attempt = await self._attempt(told)
        if attempt is not None and told.outcome is not None:
            await self._end(attempt, told.outcome, told.number_state)
            await self._unit.session.refresh(attempt)
        entry = told.entry
        if attempt is not None and entry.phone_id is None:
            entry = replace(entry, phone_id=attempt.phone_id)
        recorded = await self._activities.record_once(told.case_id, entry)
        await self._end_wrap_up(told.case_id)
        return Disposed(recorded, attempt.outcome if attempt else None)

    async def _end_wrap_up(self, case_id: UUID) -> None:
        """Set the caller free whose last call was about this case: what there was to write is written."""
        call, person_id = await Calls(self._unit).current(), self._unit.caller.person_id
        if call is not None and call.subject_id == case_id and person_id is not None:
            await Agents(self._unit).finish_wrap_up(person_id)

    async def _attempt(self, told: Told) -> ContactAttempt | None:
        if told.entry.attempt_id is None:
            return None
        query = select(ContactAttempt).where(ContactAttempt.id == told.entry.attempt_id)
        attempt = (await self._unit.session.scalars(query)).one_or_none()
        if attempt is None:
            raise NotFound
        if attempt.case_id != told.case_id:
            raise AttemptOfOtherCase
        return attempt

    async def _end(self, attempt: ContactAttempt, outcome: Outcome, number_state: NumberState | None) -> None:
        try:
            await ContactGate(self._unit).end(attempt.id, outcome, number_state)
        except AttemptEnded:
            # The switch may have been quicker: its word on the contact stands, and the entry is still due.
            if not attempt.allowed:
                raise
