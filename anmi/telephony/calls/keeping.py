"""Keeping a call: each event is one journal line, and the row says what the journal comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from anmi.core import call_life
from anmi.core.call_commands import CallCommand
from anmi.core.call_events import CallEvent
from anmi.core.call_journal import evidence_of, read, written
from anmi.core.call_record import CallRecord, recorded
from anmi.core.call_stages import Call as Life
from anmi.core.call_views import agent_events, guest_part, owner_of
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.service import Agents
from anmi.telephony.calls import repository
from anmi.telephony.calls.events import CallConnected, CallEnded, CallMoved, NumberLearnt
from anmi.telephony.calls.models import Call, CallJournalLine, Direction

FLOOR, OWN = "floor", "calls"


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What a call is about; it does not change while it lives."""

    call_id: UUID
    tenant_id: UUID
    direction: Direction
    unit_id: UUID | None
    person_id: UUID | None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    point_id: UUID | None = None
    permit_id: UUID | None = None
    agent_id: UUID | None = None
    """Whose it is now, beside the person she is."""
    trunk_id: UUID | None = None
    caller_id_id: UUID | None = None

    @classmethod
    def of(cls, row: Call) -> CallFacts:
        """Return the facts of a row."""
        return cls(
            row.id,
            row.tenant_id,
            row.direction,
            row.unit_id,
            row.person_id,
            row.subject_kind,
            row.subject_id,
            row.point_id,
            row.permit_id,
            row.agent_id,
            row.trunk_id,
            row.caller_id_id,
        )


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A call as its owner holds it: the life, what is written of it, and how many events it has had."""

    facts: CallFacts
    life: Life = field(default_factory=Life)
    record: CallRecord = field(default_factory=CallRecord)
    lines: int = 0

    def told(self, event: CallEvent, at: datetime) -> tuple[KeptCall, tuple[CallCommand, ...]]:
        """Return the call after one more event, and what is to be done."""
        life, commands = call_life.step(self.life, event)
        record = recorded(self.record, self.life, event, life, at)
        return KeptCall(self.facts, life, record, self.lines + 1), commands


def replayed(facts: CallFacts, journal: Iterable[CallJournalLine]) -> KeptCall:
    """Return a call as its journal tells it."""
    kept = KeptCall(facts)
    for line in journal:
        kept, _ = kept.told(read(line.event), line.at)
    return kept


async def facts_of_live(unit: UnitOfWork, call_ids: Sequence[UUID]) -> list[CallFacts]:
    """Return what some calls are about, of those that have not ended."""
    await unit.flush()
    rows = await repository.facts_of_live(unit.driver, call_ids)
    return [CallFacts(row[0], row[1], Direction(row[2]), *row[3:]) for row in rows]


async def keep(
    unit: UnitOfWork, before: KeptCall, event: CallEvent, at: datetime, *, quietly: bool = False
) -> tuple[KeptCall, tuple[CallCommand, ...]]:
    """Tell a call one event and write it down: journal, row, agents, news. All of it or nothing.

    Quietly, nobody hears of it: what follows from it elsewhere does not happen.
    """
    after, commands = before.told(event, at)
    facts = before.facts
    changes = _changes(before.record, after.record)
    agent_id = after.record.agent_id
    if agent_id is not None and agent_id not in {before.record.agent_id, facts.agent_id}:
        after = await _handed_over(unit, after, agent_id)
        changes["person_id"] = after.facts.person_id
    number = after.lines
    await repository.write(unit.driver, facts.tenant_id, facts.call_id, number, at, written(event), changes)
    if before.life.stage is not after.life.stage:
        for agent_id, meaning in agent_events(before.life.stage, event, after.life.stage):
            await Agents(unit).happen(agent_id, meaning, facts.call_id)
    if not quietly:
        _announce(unit, before, after)
    return after, commands


async def _handed_over(unit: UnitOfWork, kept: KeptCall, agent_id: UUID) -> KeptCall:
    """Return the call with the person whose it is now."""
    agent = await Agents(unit).get(agent_id)
    facts = kept.facts
    with_person = replace(facts, unit_id=facts.unit_id or agent.unit_id, person_id=agent.person_id, agent_id=agent_id)
    return KeptCall(with_person, kept.life, kept.record, kept.lines)


def _announce(unit: UnitOfWork, before: KeptCall, after: KeptCall) -> None:
    was, now, facts = before.record, after.record, after.facts
    has_new_guest = guest_part(before.life.stage) != guest_part(after.life.stage)
    if was.phase is not now.phase or was.agent_id != now.agent_id or has_new_guest:
        moved = CallMoved(
            facts.call_id,
            now.phase,
            owner_of(after.life.stage) or now.agent_id,
            facts.person_id,
            facts.unit_id,
            facts.subject_kind,
            facts.subject_id,
        )
        unit.announce(moved, OWN)
        unit.tell(FLOOR, "CallMoved", call_id=facts.call_id, agent_id=now.agent_id, unit_id=facts.unit_id)
    if was.connected_at is None and now.connected_at is not None:
        unit.announce(CallConnected(facts.call_id, facts.person_id, facts.subject_kind, facts.subject_id))
    if was.ended_at is not None and now.number_state is not None and was.number_state is not now.number_state:
        unit.announce(
            NumberLearnt(facts.call_id, facts.subject_kind, facts.subject_id, facts.permit_id, now.number_state)
        )
    if was.ended_at is None and now.ended_at is not None:
        unit.announce(
            CallEnded(
                facts.call_id,
                facts.direction,
                facts.person_id,
                facts.subject_kind,
                facts.subject_id,
                facts.point_id,
                facts.permit_id,
                now.ending,
                now.number_state,
                now.answered_at is not None,
                now.talked_seconds,
                now.refused_rule,
            )
        )


_COLUMNS = (
    "phase",
    "agent_id",
    "agent_up_at",
    "dialled_at",
    "ringing_at",
    "answered_at",
    "connected_at",
    "ended_at",
    "ended_by",
    "ending",
    "refused_rule",
    "refused_reason",
    "number_state",
    "held_seconds",
)


def _changes(before: CallRecord, after: CallRecord) -> dict[str, Any]:
    changes = {name: getattr(after, name) for name in _COLUMNS if getattr(after, name) != getattr(before, name)}
    if after.evidence != before.evidence:
        changes["evidence"] = evidence_of(after.evidence)
    if after.counts != before.counts:
        changes["facts"] = after.counts
    return changes
