"""Rule packs: what an agency changes of the built-in rules, drafted, tried on real calls, approved and put in force.

Nobody puts rules in force that she has written herself.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.inspection.inspect import Inspector
from anmi.kit.errors import Conflict, Forbidden, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.inspections.service import Inspections
from anmi.quality.packs import repository
from anmi.quality.packs.events import PackPublished
from anmi.quality.packs.making import Made, built_in, make
from anmi.quality.packs.models import AgencyPack, PackState
from anmi.quality.rules.service import BUILT_IN, BadRulePack

TOPIC: Final = "quality_rules"
TRIAL_CALLS: Final = 500
_KEPT: Final = 8
_SHOWN: Final = 50

_READY: OrderedDict[UUID, Inspector] = OrderedDict()


class PackInvalid(Invalid):
    """The rules cannot be read, or do not keep their own examples."""

    code = "QUALITY_RULES_INVALID"
    zh, en = "规则有误：{why}", "These rules are wrong: {why}"


class PackNotDraft(Conflict):
    """Only a draft is edited or proposed."""

    code = "QUALITY_RULES_NOT_DRAFT"
    zh, en = "该规则版本不是草稿", "This version is not a draft"


class PackNotProposed(Conflict):
    """Only what was proposed is decided."""

    code = "QUALITY_RULES_NOT_PROPOSED"
    zh, en = "该规则版本未提交审批", "This version has not been proposed"


class OwnRules(Forbidden):
    """Nobody puts rules in force that she has written herself."""

    code = "QUALITY_RULES_OWN"
    zh, en = "不能批准自己编写的规则", "Nobody approves rules she has written herself"


@dataclass(frozen=True, slots=True)
class Difference:
    """A call on which other rules find other things."""

    call_id: UUID
    asked_at: datetime
    more: tuple[tuple[str, str], ...]
    """What the new rules find in addition: code and evidence."""
    less: tuple[tuple[str, str], ...]


class Packs:
    """The rules of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def in_force(self) -> Inspector:
        """Return the rules an agency inspects by, made ready."""
        pack = await repository.published(self._unit.session)
        if pack is None:
            return await asyncio.to_thread(built_in)
        if pack.id not in _READY:
            _READY[pack.id] = (await make(pack.changes, _version(pack))).inspector
            while len(_READY) > _KEPT:
                _READY.popitem(last=False)
        return _READY[pack.id]

    async def all(self) -> Sequence[AgencyPack]:
        """Return every version, the newest first."""
        return await repository.all_of(self._unit.session)

    async def get(self, pack_id: UUID) -> AgencyPack:
        """Return a version."""
        pack = await self._unit.session.get(AgencyPack, pack_id)
        if pack is None:
            raise NotFound
        return pack

    async def draft(self, note: str, changes: Sequence[Mapping[str, Any]]) -> AgencyPack:
        """Begin a version."""
        await self._check(changes)
        pack = AgencyPack(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            number=await repository.next_number(self._unit.session),
            state=PackState.DRAFT,
            note=note,
            changes=[dict(change) for change in changes],
            based_on=BUILT_IN,
            drafted_by=self._unit.caller.person_id,
            drafted_at=self._unit.now,
            version=1,
        )
        self._unit.session.add(pack)
        await self._unit.session.flush()
        return pack

    async def edit(self, pack_id: UUID, version: int, note: str, changes: Sequence[Mapping[str, Any]]) -> AgencyPack:
        """Change a draft; what it was tried on counts no longer."""
        pack = await self._in_state(pack_id, PackState.DRAFT)
        pack.edit(version)
        await self._check(changes)
        pack.note, pack.changes, pack.trial = note, [dict(change) for change in changes], None
        return pack

    async def try_on(self, pack_id: UUID, since: datetime, until: datetime) -> AgencyPack:
        """Hold the calls of a stretch of time against a version and against the rules in force; keep the difference."""
        pack = await self.get(pack_id)
        made = await self._check(pack.changes, _version(pack))
        current = await self.in_force()
        calls = await repository.calls_between(self._unit.session, since, until, TRIAL_CALLS)
        found: list[Difference] = []
        for call in calls:
            spoken = await Inspections(self._unit).as_spoken(call)
            new, old = made.inspector.inspect(spoken), current.inspect(spoken)
            after = {(finding.code, finding.evidence) for finding in new.findings}
            before = {(finding.code, finding.evidence) for finding in old.findings}
            if after != before:
                found.append(
                    Difference(call.id, call.asked_at, tuple(sorted(after - before)), tuple(sorted(before - after)))
                )
        pack.trial = {
            "since": since.isoformat(),
            "until": until.isoformat(),
            "calls": len(calls),
            "differing": len(found),
            "differences": [_written(difference) for difference in found[:_SHOWN]],
        }
        return pack

    async def propose(self, pack_id: UUID, version: int) -> AgencyPack:
        """Ask that a draft be put in force."""
        pack = await self._in_state(pack_id, PackState.DRAFT)
        pack.edit(version)
        await self._check(pack.changes)
        pack.state, pack.proposed_at = PackState.PROPOSED, self._unit.now
        self._unit.remember(AuditAction.QUALITY_RULES_PROPOSED, ("quality_pack", pack.id), number=pack.number)
        self._unit.tell(TOPIC, "PackProposed", pack_id=pack.id)
        return pack

    async def publish(self, pack_id: UUID, version: int, decision: str, again_days: int = 0) -> AgencyPack:
        """Put a version in force; the calls of the last days may be inspected again by it."""
        pack = await self._to_decide(pack_id, version, decision)
        if (standing := await repository.published(self._unit.session)) is not None:
            standing.state = PackState.RETIRED
            standing.version += 1
            await self._unit.session.flush()
        pack.state = PackState.PUBLISHED
        await self._unit.session.flush()
        self._unit.remember(AuditAction.QUALITY_RULES_PUBLISHED, ("quality_pack", pack.id), number=pack.number)
        again_from = self._unit.now - timedelta(days=again_days) if again_days else None
        self._unit.announce(PackPublished(pack.id, again_from))
        self._unit.tell(TOPIC, "PackPublished", pack_id=pack.id)
        return pack

    async def reject(self, pack_id: UUID, version: int, decision: str) -> AgencyPack:
        """Say no to a version."""
        pack = await self._to_decide(pack_id, version, decision)
        pack.state = PackState.REJECTED
        self._unit.remember(AuditAction.QUALITY_RULES_REJECTED, ("quality_pack", pack.id), number=pack.number)
        self._unit.tell(TOPIC, "PackRejected", pack_id=pack.id)
        return pack

    async def _to_decide(self, pack_id: UUID, version: int, decision: str) -> AgencyPack:
        pack = await self._in_state(pack_id, PackState.PROPOSED)
        pack.edit(version)
        if pack.drafted_by is not None and pack.drafted_by == self._unit.caller.person_id:
            raise OwnRules
        pack.decided_by, pack.decided_at, pack.decision = self._unit.caller.person_id, self._unit.now, decision
        return pack

    async def _in_state(self, pack_id: UUID, state: PackState) -> AgencyPack:
        pack = await repository.locked(self._unit.session, pack_id)
        if pack is None:
            raise NotFound
        if pack.state is not state:
            raise PackNotDraft if state is PackState.DRAFT else PackNotProposed
        return pack

    async def _check(self, changes: Sequence[Mapping[str, Any]], version: str = "draft") -> Made:
        try:
            made = await make(changes, version)
        except BadRulePack as fault:
            raise PackInvalid(why=str(fault)) from None
        if made.failed:
            texts = "；".join(f"{'应命中' if each.fires else '不应命中'}：{each.text}" for each in made.failed[:5])
            raise PackInvalid(why=texts)
        return made


def _version(pack: AgencyPack) -> str:
    return f"{pack.based_on}+{pack.number}"


def _written(difference: Difference) -> dict[str, Any]:
    return {
        "call_id": str(difference.call_id),
        "asked_at": difference.asked_at.isoformat(),
        "more": [list(each) for each in difference.more],
        "less": [list(each) for each in difference.less],
    }
