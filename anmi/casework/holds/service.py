"""Holds (停催) and special groups (特殊人群): placed, lifted, and run out.

A hold that stops or pauses collection moves the case; when the last of them ends, the case goes on with what still
stands. A special flag is the debtor's and holds for all of her cases; the contact gate knows what it means.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import Cases, DayIsPast, day_of
from anmi.casework.holds import repository
from anmi.casework.holds.events import HoldLifted, HoldPlaced, SpecialFlagSet
from anmi.casework.holds.models import Hold, SpecialFlagRow
from anmi.casework.tables import contact_rule_pack
from anmi.core import holds as rule_book
from anmi.core.audit_actions import AuditAction
from anmi.core.case_life import OPEN, SUSPENDED
from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.core.contact_rules.values import Effects
from anmi.core.holds import StandingHold
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.core.special_groups import SpecialGroup
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

RAN_OUT: Final = "到期自动解除"


class EffectTooWeak(Invalid):
    """The rule pack asks more of a hold for this reason."""

    code = "EFFECT_TOO_WEAK"
    zh, en = "该停催原因至少为 {least}", "A hold for this reason is {least} at the least"


class HoldIsLifted(Conflict):
    """The hold has ended already."""

    code = "HOLD_IS_LIFTED"
    zh, en = "该停催已解除", "This hold has been lifted already"


class CaseNotOpen(Conflict):
    """A case that is closed, or not open yet, is not held."""

    code = "CASE_NOT_OPEN"
    zh, en = "案件未开案或已结案，不能停催", "Only an open case is held"


def least_effect(reason: HoldReason) -> Effect:
    """Return what a hold for this reason does at the least, as the rule pack says (rule HOLD)."""
    for row in contact_rule_pack().rows:
        if row.rule_id == "HOLD" and isinstance(row.value, Effects) and reason in row.value.of:
            return row.value.of[reason][0]
    return Effect.STOP


class Holds:
    """The holds and flags of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._cases = Cases(unit)

    async def place(
        self, case_id: UUID, reason: HoldReason, note: str, effect: Effect | None = None, until: date | None = None
    ) -> Hold:
        """Hold a case."""
        case = await self._cases.get(case_id, Permission.CASES_HOLD, lock=True)
        return await self.place_on(case, reason, note, effect, until)

    async def place_on(
        self,
        case: Case,
        reason: HoldReason,
        note: str,
        effect: Effect | None = None,
        until: date | None = None,
    ) -> Hold:
        """Hold a case that the caller has locked; without an effect it has the least one of its reason."""
        least = least_effect(reason)
        if effect is not None and not rule_book.is_at_least(effect, least):
            raise EffectTooWeak(least=least)
        if until is not None and until < day_of(self._unit).today:
            raise DayIsPast
        if case.state not in OPEN:
            raise CaseNotOpen
        hold = Hold(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            case_id=case.id,
            reason=reason,
            effect=effect or least,
            note=note,
            until=until,
            placed_at=self._unit.now,
            placed_by=self._unit.caller.person_id,
            version=1,
        )
        self._unit.session.add(hold)
        await self._unit.session.flush()
        await self._settle(case, note)
        self._unit.remember(
            AuditAction.HOLD_PLACED, ("hold", hold.id), case_id=case.id, reason=reason, effect=hold.effect, until=until
        )
        self._unit.announce(HoldPlaced(hold.id, case.id, reason))
        return hold

    async def ensure(self, case: Case, reason: HoldReason, note: str) -> None:
        """See that a hold for a reason stands on a case that the caller has locked."""
        standing = await repository.standing(self._unit.session, case.id)
        if reason not in {hold.reason for hold in standing}:
            await self.place_on(case, reason, note)

    async def lift(self, hold_id: UUID, note: str) -> Hold:
        """End a hold; the case goes on with what still stands."""
        hold = await repository.hold(self._unit.session, hold_id)
        if hold is None:
            raise NotFound
        case = await self._cases.get(hold.case_id, Permission.CASES_HOLD, lock=True)
        await self._unit.session.refresh(hold)
        if hold.lifted_at is not None:
            raise HoldIsLifted
        await self._lift(case, [hold], note)
        return hold

    async def lift_what_ran_out(self, case_id: UUID) -> None:
        """End the holds of a case whose last day has gone by."""
        case, today = await self._cases.of_system(case_id), day_of(self._unit).today
        standing = await repository.standing(self._unit.session, case_id)
        over = [hold for hold in standing if rule_book.is_over(hold.reason, hold.effect, hold.until, today)]
        await self._lift(case, over, RAN_OUT)

    async def end_all(self, case_id: UUID, note: str) -> None:
        """End all holds of a case that has closed."""
        case = await self._cases.of_system(case_id)
        await self._lift(case, await repository.standing(self._unit.session, case_id), note)

    async def flag(self, debtor_id: UUID, group: SpecialGroup, note: str) -> SpecialFlagRow:
        """Mark a debtor as one of a special group; somebody who is marked stays as she is."""
        await self._cases.require_debtor(debtor_id, Permission.CASES_WORK, Permission.CASES_HOLD)
        return await self.flag_debtor(debtor_id, group, note)

    async def flag_debtor(self, debtor_id: UUID, group: SpecialGroup, note: str) -> SpecialFlagRow:
        """Mark a debtor, as what follows from a diary entry."""
        standing = await repository.flag(self._unit.session, debtor_id, group)
        if standing is not None:
            return standing
        flag = SpecialFlagRow(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            debtor_id=debtor_id,
            flag=group,
            note=note,
            flagged_at=self._unit.now,
            flagged_by=self._unit.caller.person_id,
            version=1,
        )
        self._unit.session.add(flag)
        await self._unit.session.flush()
        self._unit.remember(AuditAction.SPECIAL_FLAG_SET, ("debtor", debtor_id), flag=group, note=mask_digits(note))
        self._unit.announce(SpecialFlagSet(flag.id, debtor_id, group))
        return flag

    async def review(self, debtor_id: UUID, flag_id: UUID, until: date) -> SpecialFlagRow:
        """Note that a supervisor has looked at a flag: a pause that waits for that may end (rule SPECIAL_GROUP)."""
        flag = await self._flag(debtor_id, flag_id)
        flag.reviewed_until = until
        flag.version += 1
        return flag

    async def unflag(self, debtor_id: UUID, flag_id: UUID, note: str) -> None:
        """Take a mark away."""
        flag = await self._flag(debtor_id, flag_id)
        flag.removed_at, flag.removed_by = self._unit.now, self._unit.caller.person_id
        flag.version += 1
        self._unit.remember(
            AuditAction.SPECIAL_FLAG_REMOVED, ("debtor", debtor_id), flag=flag.flag, note=mask_digits(note)
        )

    async def _flag(self, debtor_id: UUID, flag_id: UUID) -> SpecialFlagRow:
        await self._cases.require_debtor(debtor_id, Permission.CASES_HOLD)
        flag = await repository.flag_by_id(self._unit.session, debtor_id, flag_id)
        if flag is None:
            raise NotFound
        return flag

    async def _lift(self, case: Case, holds: Sequence[Hold], note: str) -> None:
        for hold in holds:
            hold.lifted_at, hold.lifted_by, hold.lift_note = self._unit.now, self._unit.caller.person_id, note
            hold.version += 1
            self._unit.remember(AuditAction.HOLD_LIFTED, ("hold", hold.id), case_id=case.id, note=mask_digits(note))
            self._unit.announce(HoldLifted(hold.id, case.id, hold.reason))
        await self._unit.session.flush()
        await self._settle(case, note)

    async def _settle(self, case: Case, note: str) -> None:
        """Bring a case to where the holds that stand want it."""
        standing = await repository.standing(self._unit.session, case.id)
        steps = rule_book.steps(case.state, [StandingHold(hold.reason, hold.effect) for hold in standing])
        was_suspended = case.state in SUSPENDED
        for event in steps:
            await self._cases.step(case, event, note)
        if steps and was_suspended and case.state not in SUSPENDED:
            await self._cases.resume(case)
        self._cases.tell(case, "CaseChanged")
