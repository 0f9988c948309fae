"""Calls: asked for, looked at, and what those on them and their supervisors ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, true

from anmi.core.agent_life import AgentState
from anmi.core.audit_actions import AuditAction
from anmi.core.call_events import (
    AnnouncementRead,
    CallAsked,
    CallEvent,
    ConferenceAsked,
    ForceReleaseAsked,
    HangUpAsked,
    HoldAsked,
    KeysAsked,
    MonitorAsked,
    MonitorEnded,
    Monitoring,
    ResumeAsked,
    TakeOverAsked,
    TransferAsked,
    TransferConfirmed,
    TransferWithdrawn,
)
from anmi.core.call_journal import written
from anmi.core.call_legs import Ending
from anmi.core.call_views import CallPhase
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.kit.errors import Conflict, NotFound
from anmi.kit.ids import new_id
from anmi.kit.reaching import in_reach
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.models import Agent
from anmi.telephony.agents.service import FREE, AgentBusy, AgentNotThere, Agents, AgentView
from anmi.telephony.calls import repository
from anmi.telephony.calls.keeping import CallFacts, KeptCall, facts_of_live, keep, replayed
from anmi.telephony.calls.models import Call, CallJournalLine, Direction
from anmi.telephony.calls.permits import Permits, Permitted, Recognised, Refused
from anmi.telephony.engines.models import Engine
from anmi.telephony.engines.service import Engines

__all__ = [
    "CallFacts",
    "CallToMake",
    "Calls",
    "Guest",
    "KeptCall",
    "Permits",
    "Permitted",
    "Recognised",
    "Refused",
    "keep",
    "replayed",
]

MONITORING: Final = {
    Monitoring.LISTEN: Permission.CALLS_MONITOR,
    Monitoring.WHISPER: Permission.CALLS_WHISPER,
    Monitoring.BARGE: Permission.CALLS_BARGE,
}


class CallOver(Conflict):
    """The call has ended."""

    code = "CALL_OVER"
    zh, en = "通话已结束", "The call is over"


class NotInThisPhase(Conflict):
    """The call has not come so far, or not any more."""

    code = "CALL_PHASE"
    zh, en = "当前通话阶段（{phase}）不允许此操作", "A call that is {phase} does not allow this"


@dataclass(frozen=True, slots=True)
class CallToMake:
    """A call somebody asks for. What it is about is opaque here."""

    subject_kind: str
    subject_id: UUID
    point_id: UUID
    permit_id: UUID
    number_masked: str
    number_index: bytes | None
    trunk_id: UUID | None
    caller_id_id: UUID | None


@dataclass(frozen=True, slots=True)
class Guest:
    """Who was asked into a talk."""

    agent_id: UUID
    name: str
    extension: str | None
    is_there: bool
    """On the line; otherwise her phone rings."""


def _guest(view: AgentView) -> Guest:
    agent = view.agent
    return Guest(agent.id, view.name, agent.extension, agent.state is AgentState.ON_CALL)


class Calls:
    """The calls of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def ask(self, asked: CallToMake, agent: Agent, engine: Engine) -> Call:
        """Ask for a call of an agent who is held and free: she is reserved, and an engine that is well is told."""
        call_id = new_id()
        await Agents(self._unit).reserve(agent, call_id)
        call = Call(
            id=call_id,
            tenant_id=self._unit.tenant_id,
            direction=Direction.OUTBOUND,
            phase=CallPhase.ASKED,
            engine_id=engine.id,
            unit_id=agent.unit_id,
            agent_id=agent.id,
            person_id=agent.person_id,
            subject_kind=asked.subject_kind,
            subject_id=asked.subject_id,
            point_id=asked.point_id,
            permit_id=asked.permit_id,
            number_masked=asked.number_masked,
            number_index=asked.number_index,
            trunk_id=asked.trunk_id,
            caller_id_id=asked.caller_id_id,
            asked_at=self._unit.now,
            asked_by=self._unit.caller.actor_id,
            held_seconds=0,
            facts={},
        )
        self._unit.session.add(call)
        await self._unit.session.flush()
        await self._order(call, CallAsked(agent.id))
        return call

    async def seen(self, call_id: UUID) -> Call:
        """Return a call that is the caller's own or within reach."""
        call = await repository.one(self._unit.session, Call.id == call_id, self._sight(Permission.CALLS_READ))
        if call is None:
            # A call that was handed on is still hers to write down.
            own = await self.current()
            call = own if own is not None and own.id == call_id else None
        if call is None:
            raise NotFound
        return call

    async def guest_of(self, call: Call) -> Guest | None:
        """Return who was asked into a talk, if anybody was."""
        if call.phase not in {CallPhase.TALKING, CallPhase.HELD}:
            return None
        on_it = await Agents(self._unit).on_call(call.id)
        return next((_guest(view) for view in on_it if view.agent.id != call.agent_id), None)

    async def current(self) -> Call | None:
        """Return the call the caller is in, or has just ended and not yet wrapped up."""
        agent = await Agents(self._unit).of_person(self._unit.caller.person_id or self._unit.tenant_id)
        if agent is None or agent.call_id is None:
            return None
        return await repository.one(self._unit.session, Call.id == agent.call_id)

    async def live(self) -> Sequence[Call]:
        """Return the live calls somebody may watch."""
        return await repository.live(self._unit.session, self._sight(Permission.FLOOR_READ))

    async def live_at(self, engine_id: UUID) -> Sequence[Call]:
        """Return the live calls of an engine."""
        return await repository.live(self._unit.session, Call.engine_id == engine_id)

    async def facts_of_live(self, call_ids: Sequence[UUID]) -> list[CallFacts]:
        """Return what some calls are about, of those that have not ended."""
        return await facts_of_live(self._unit, call_ids)

    async def replay(self, call: Call) -> KeptCall:
        """Return a call as its journal tells it."""
        return replayed(CallFacts.of(call), await repository.journal(self._unit.session, call.id))

    async def read_announcement(self, call: Call, ending: Ending) -> None:
        """Write down what the network announced of a call that is over, once its words have been read.

        While a leg of it still goes, its journal belongs to its engine, and is left alone.
        """
        kept = await self.replay(call)
        if not kept.life.open_legs:
            await keep(self._unit, kept, AnnouncementRead(ending), self._unit.now)

    async def journal(self, call_id: UUID, above: int = 0) -> Sequence[CallJournalLine]:
        """Return the journal of a call after the line of a number."""
        return await repository.journal(self._unit.session, call_id, above)

    async def arrive(self, call_id: UUID, engine_id: UUID, recognised: Recognised) -> Call:
        """Write down that somebody calls us."""
        call = Call(
            id=call_id,
            tenant_id=self._unit.tenant_id,
            direction=Direction.INBOUND,
            phase=CallPhase.WAITING,
            engine_id=engine_id,
            unit_id=recognised.unit_id,
            subject_kind=recognised.subject_kind,
            subject_id=recognised.subject_id,
            point_id=recognised.point_id,
            number_masked=recognised.number_masked,
            number_index=recognised.number_index,
            asked_at=self._unit.now,
            held_seconds=0,
            facts={},
        )
        self._unit.session.add(call)
        await self._unit.session.flush()
        return call

    # ── asked by whoever is on the call ──

    async def hang_up(self, call_id: UUID) -> None:
        """End one's own call."""
        agent, call = await self._own(call_id)
        await self._order(call, HangUpAsked(agent.id))

    async def hold(self, call_id: UUID) -> None:
        """Let the debtor hear music."""
        agent, call = await self._own(call_id)
        await self._order(call, HoldAsked(agent.id))

    async def resume(self, call_id: UUID) -> None:
        """Let the talk go on."""
        agent, call = await self._own(call_id)
        await self._order(call, ResumeAsked(agent.id))

    async def press(self, call_id: UUID, keys: str) -> None:
        """Press keys towards the debtor."""
        agent, call = await self._own(call_id)
        await self._order(call, KeysAsked(agent.id, keys))

    async def transfer(self, call_id: UUID, to_agent_id: UUID, *, is_attended: bool) -> None:
        """Send one's call to another agent, who must be there and free."""
        agent, call = await self._own(call_id, CallPhase.TALKING, CallPhase.HELD)
        self._require_free(await Agents(self._unit).get(to_agent_id))
        await self._order(call, TransferAsked(agent.id, to_agent_id, is_attended))

    async def confirm_transfer(self, call_id: UUID) -> None:
        """Hand over to the guest, and leave."""
        agent, call = await self._own(call_id)
        await self._order(call, TransferConfirmed(agent.id))

    async def withdraw_transfer(self, call_id: UUID) -> None:
        """Take the debtor back."""
        agent, call = await self._own(call_id)
        await self._order(call, TransferWithdrawn(agent.id))

    async def confer(self, call_id: UUID) -> None:
        """Let all three speak."""
        agent, call = await self._own(call_id)
        await self._order(call, ConferenceAsked(agent.id))

    # ── asked by supervisors ──

    async def monitor(self, call_id: UUID, mode: Monitoring) -> None:
        """Take part in somebody's call."""
        call = await self._within(call_id, MONITORING[mode], CallPhase.TALKING, CallPhase.HELD)
        agent = await Agents(self._unit).own()
        if agent.call_id != call.id:
            self._require_free(agent)
        self._unit.remember(AuditAction.CALL_MONITORED, ("call", call.id), mode=mode, agent_id=call.agent_id)
        await self._order(call, MonitorAsked(agent.id, mode))

    async def end_monitoring(self, call_id: UUID) -> None:
        """Leave somebody's call."""
        call = await self._within(call_id, Permission.CALLS_MONITOR)
        await self._order(call, MonitorEnded((await Agents(self._unit).own()).id))

    async def take_over(self, call_id: UUID) -> None:
        """Take the agent's place."""
        call = await self._within(call_id, Permission.CALLS_TAKE_OVER, CallPhase.TALKING, CallPhase.HELD)
        agent = await Agents(self._unit).own()
        self._require_free(agent)
        self._unit.remember(AuditAction.CALL_TAKEN_OVER, ("call", call.id), agent_id=call.agent_id)
        await self._order(call, TakeOverAsked(agent.id))

    async def release(self, call_id: UUID, reason: str) -> None:
        """End somebody's call by force."""
        call = await self._within(call_id, Permission.CALLS_RELEASE)
        reason = mask_digits(reason)
        self._unit.remember(AuditAction.CALL_RELEASED, ("call", call.id), agent_id=call.agent_id, reason=reason)
        await self._order(call, ForceReleaseAsked(self._unit.caller.actor_id, reason))

    async def _order(self, call: Call, event: CallEvent) -> None:
        await Engines(self._unit).order(call.engine_id, written(event), call.id)

    async def _own(self, call_id: UUID, *phases: CallPhase) -> tuple[Agent, Call]:
        """Return the caller and a live call she is on, as its agent or as a guest."""
        call = await repository.one(self._unit.session, Call.id == call_id)
        if call is None:
            raise NotFound
        agent = await Agents(self._unit).own()
        if agent.call_id != call.id and call.agent_id != agent.id:
            raise NotFound
        return agent, self._alive(call, *phases)

    async def _within(self, call_id: UUID, permission: Permission, *phases: CallPhase) -> Call:
        call = await repository.one(self._unit.session, Call.id == call_id, self._sight(permission))
        if call is None:
            raise NotFound
        return self._alive(call, *phases)

    def _alive(self, call: Call, *phases: CallPhase) -> Call:
        if call.ended_at is not None:
            raise CallOver
        if phases and call.phase not in phases:
            raise NotInThisPhase(phase=call.phase)
        return call

    def _require_free(self, agent: Agent) -> None:
        if not agent.is_there:
            raise AgentNotThere
        if agent.state not in FREE:
            raise AgentBusy

    def _sight(self, permission: Permission) -> ColumnElement[bool]:
        reach = self._unit.rights.of(permission)
        return true() if reach.everything else in_reach(reach, self._unit.caller, Call.unit_id, Call.person_id)
