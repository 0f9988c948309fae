"""The gate in the dial path: every contact is asked for here, decided and reserved in one transaction, and kept.

A reserved contact counts as the worst it can become until its outcome is told, so attempts that run side by side never
slip through together.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.casework.cases.service import TOPIC, sees
from anmi.casework.debtors.service import Debtors
from anmi.core.calendar import in_china
from anmi.core.contact_rules.facts import Attempt, Caller, CallerKind, Channel, DialingMode, Outcome, Purpose
from anmi.core.contact_rules.gate import decide
from anmi.core.contact_rules.verdicts import Refused
from anmi.core.number_state import NumberState
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.contact_gate import repository
from anmi.workbench.contact_gate.events import ContactEnded
from anmi.workbench.contact_gate.gathering import Contactable, Gathered, gather
from anmi.workbench.contact_gate.keeping import attempt_again, facts_kept
from anmi.workbench.contact_gate.repository import HeldAttempt
from anmi.workbench.contact_gate.views import (
    VISITORS,
    CaseGate,
    Decision,
    PointGate,
    channel_gate,
    channels_of,
    decision_of,
    default_purpose,
)

__all__ = ["CaseGate", "ContactAsked", "ContactGate", "Decision", "default_purpose"]


class WrongChannel(Invalid):
    """A letter does not go to a number, and a call not to an address."""

    code = "CONTACT_CHANNEL_DOES_NOT_FIT"
    zh, en = "该联系方式不支持此种联系（{channel}）", "This number or address cannot be used for {channel}"


class AttemptEnded(Conflict):
    """The outcome of this attempt has been told already, or it was never allowed."""

    code = "CONTACT_ATTEMPT_ENDED"
    zh, en = "该次联系已登记结果或未获准", "This attempt has its outcome already, or was not allowed"


@dataclass(frozen=True, slots=True)
class ContactAsked:
    """A contact somebody wants to make, to a number or an address of the case's debtor."""

    case_id: UUID
    channel: Channel
    purpose: Purpose
    phone_id: UUID | None = None
    address_id: UUID | None = None
    mode: DialingMode = DialingMode.MANUAL
    can_record: bool = True
    visitors: int = 0


class ContactGate:
    """The gate, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def explain(self, case_id: UUID, person_id: UUID | None = None) -> CaseGate:
        """Say for everything under which the debtor may be reached what the gate would answer now. Reserves nothing.

        It is asked for the caller, or for somebody else who would make the contact.
        """
        person_id = person_id or self._unit.caller.person_id
        gathered = await gather(self._unit, case_id, Permission.CASES_READ, person_id)
        at = in_china(self._unit.now)
        points = tuple(self._point_gate(gathered, each) for each in gathered.contactables)
        return CaseGate(case_id, at, gathered.pack.version, points)

    async def reserve(self, asked: ContactAsked, caller: Caller | None = None) -> Decision:
        """Decide about a contact and, where it is allowed, count it from now on; either way the answer is kept.

        `caller` is who will speak, for contacts that no person asks for herself. A unit of work reserves one contact:
        its turn lasts until it ends.
        """
        await repository.take_turn(self._unit.driver, asked.case_id, asked.phone_id)
        gathered = await gather(self._unit, asked.case_id, Permission.CASES_WORK, self._unit.caller.person_id)
        contactable = gathered.find(asked.phone_id, asked.address_id)
        if contactable is None:
            raise NotFound
        if asked.channel not in channels_of(contactable):
            raise WrongChannel(channel=asked.channel)
        attempt = Attempt(
            in_china(self._unit.now),
            asked.channel,
            asked.purpose,
            contactable.party,
            contactable.point,
            caller or self._collector(gathered),
            asked.mode,
            asked.can_record,
            asked.visitors,
        )
        return await self._decide(gathered, contactable, attempt)

    async def confirm(self, attempt_id: UUID, person_id: UUID | None = None) -> Decision:
        """Decide anew about a reserved contact in the moment it is made, on the facts of now and all but itself.

        What may no more be ends here: it is refused like any other, and counts for nothing. `person_id` is who makes
        it, where the system asks for her; nobody makes a contact that somebody else has reserved.
        """
        await self._unit.flush()
        await repository.take_turn_again(self._unit.driver, attempt_id)
        held = await repository.held_attempt(self._unit.driver, attempt_id)
        if held is None:
            raise NotFound
        person_id = person_id or self._unit.caller.person_id or held.by
        if held.by not in {None, person_id}:
            raise NotFound
        if held.outcome is not Outcome.RESERVED:
            raise AttemptEnded
        gathered = await gather(self._unit, held.case_id, Permission.CASES_WORK, person_id, without=attempt_id)
        contactable = gathered.find(held.phone_id, held.address_id)
        if contactable is None:
            raise NotFound
        attempt = attempt_again(held, gathered, contactable, in_china(self._unit.now))
        answer = decide(gathered.pack, attempt, gathered.facts)
        await repository.confirm(
            self._unit.driver,
            attempt_id,
            answer if isinstance(answer, Refused) else None,
            self._unit.now,
            pack_version=gathered.pack.version,
            facts=facts_kept(gathered, attempt),
        )
        return decision_of(attempt_id, gathered, contactable, attempt, answer)

    async def end(self, attempt_id: UUID, outcome: Outcome, number_state: NumberState | None = None) -> None:
        """Write down what became of a contact, and what it told of the number."""
        await self._unit.flush()
        attempt = await repository.held_attempt(self._unit.driver, attempt_id)
        if attempt is None or not self._sees(attempt):
            raise NotFound
        if attempt.outcome is not Outcome.RESERVED or outcome is Outcome.RESERVED:
            raise AttemptEnded
        await repository.end(self._unit.driver, attempt_id, outcome, self._unit.now)
        if number_state is not None:
            await self._observe(attempt, number_state)
        self._unit.announce(ContactEnded(attempt.id, attempt.case_id, attempt.phone_id, attempt.channel, outcome))
        case = {"case_id": attempt.case_id, "unit_id": attempt.unit_id, "holder_id": attempt.holder_id}
        self._unit.tell(TOPIC, "ContactEnded", **case)

    async def learn(self, attempt_id: UUID, number_state: NumberState) -> None:
        """Write down what a contact that has ended told of its number; what a person has said of it since stands."""
        attempt = await repository.held_attempt(self._unit.driver, attempt_id)
        if attempt is None or not self._sees(attempt):
            raise NotFound
        await self._observe(attempt, number_state)

    async def _observe(self, attempt: HeldAttempt, number_state: NumberState) -> None:
        if attempt.phone_id is not None:
            await Debtors(self._unit).hear(attempt.phone_id, number_state, attempt.at)

    async def _decide(self, gathered: Gathered, contactable: Contactable, attempt: Attempt) -> Decision:
        answer = decide(gathered.pack, attempt, gathered.facts)
        refused = answer if isinstance(answer, Refused) else None
        attempt_id = new_id()
        await repository.write(
            self._unit.driver,
            id=attempt_id,
            tenant_id=self._unit.tenant_id,
            case_id=gathered.case_id,
            debtor_id=gathered.debtor_id,
            phone_id=contactable.phone_id,
            number_index=contactable.number_index,
            address_id=contactable.address_id,
            channel=attempt.channel,
            purpose=attempt.purpose,
            at=self._unit.now,
            by=self._unit.caller.person_id,
            allowed=refused is None,
            rule_id=refused.rule_id if refused else None,
            reason=refused.reason if refused else None,
            until=refused.until if refused else None,
            pack_version=gathered.pack.version,
            facts=facts_kept(gathered, attempt),
            outcome=None if refused else Outcome.RESERVED,
        )
        return decision_of(attempt_id, gathered, contactable, attempt, answer)

    def _point_gate(self, gathered: Gathered, contactable: Contactable) -> PointGate:
        purpose = default_purpose(contactable.party.relation)
        attempts = [
            Attempt(
                in_china(self._unit.now),
                channel,
                purpose,
                contactable.party,
                contactable.point,
                self._collector(gathered),
                visitors=VISITORS,
            )
            for channel in channels_of(contactable)
        ]
        return PointGate(
            contactable.phone_id,
            contactable.address_id,
            contactable.party.relation,
            contactable.point.state,
            tuple(channel_gate(gathered, attempt) for attempt in attempts),
        )

    def _collector(self, gathered: Gathered) -> Caller:
        """Return the caller as somebody who speaks for herself; who has no training on file may not."""
        return Caller(CallerKind.COLLECTOR, gathered.training_valid_until)

    def _sees(self, attempt: HeldAttempt) -> bool:
        """Say whether an attempt is the caller's to end: her own even after the case has gone to somebody else."""
        if attempt.by is not None and attempt.by == self._unit.caller.person_id:
            return True
        return sees(self._unit, attempt.case_state, attempt.unit_id, attempt.holder_id, Permission.CASES_WORK)
