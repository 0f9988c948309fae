"""Agents and their phones over HTTP."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Query

from anmi.core.calendar import start_of
from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.telephony.agents.schemas import (
    AgentChanges,
    AgentSeen,
    AgentToAdd,
    ColleagueSeen,
    OwnPhone,
    PhoneAsked,
    PhoneLeased,
    SpanSeen,
    StateAsked,
)
from anmi.telephony.agents.service import Agents
from anmi.telephony.engines.service import Engines

router = room("/telephony/agents")
phone_router = room("/telephony/phone")

reads = requires(Permission.AGENTS_READ)
writes = requires(Permission.AGENTS_WRITE)
phones = requires(Permission.PHONE_USE)


@router.get("", dependencies=[reads])
async def list_agents(unit: Unit) -> list[AgentSeen]:
    """Return the agents within reach, by extension."""
    return [AgentSeen.of(view) for view in await Agents(unit).list_()]


@router.post("", status_code=201, dependencies=[writes])
async def add_agent(unit: Unit, body: AgentToAdd) -> AgentSeen:
    """Give somebody an extension."""
    return AgentSeen.of(await Agents(unit).add(body.person_id, body.extension, body.phone_kind, body.number))


@router.patch("/{id}", dependencies=[writes])
async def change_agent(unit: Unit, agent_id: Id, body: AgentChanges) -> AgentSeen:
    """Change an agent's extension or phone."""
    changed = await Agents(unit).change(agent_id, body.version, body.extension, body.phone_kind, body.number)
    return AgentSeen.of(changed)


@router.delete("/{id}", status_code=204, dependencies=[writes])
async def remove_agent(unit: Unit, agent_id: Id) -> None:
    """Take an extension back."""
    await Agents(unit).remove(agent_id)


@router.get("/{id}/spans", dependencies=[reads])
async def agent_spans(unit: Unit, agent_id: Id, on: Annotated[date, Query()]) -> list[SpanSeen]:
    """Return how an agent spent a day."""
    spans = await Agents(unit).spans(agent_id, start_of(on), start_of(on + timedelta(days=1)))
    return [SpanSeen.model_validate(span) for span in spans]


@phone_router.get("", dependencies=[phones])
async def own_phone(unit: Unit) -> OwnPhone:
    """Return the caller as an agent."""
    person_id = unit.caller.person_id
    agent = None if person_id is None else await Agents(unit).of_person(person_id)
    return OwnPhone.of(agent, await Engines(unit).standing())


@phone_router.post("", dependencies=[phones])
async def lease_phone(unit: Unit, body: PhoneAsked) -> PhoneLeased:
    """Let the caller's phone in; a log-in before this one loses it."""
    return PhoneLeased.of(await Agents(unit).lease(body.kind))


@phone_router.delete("", status_code=204, dependencies=[phones])
async def leave_phone(unit: Unit) -> None:
    """Log the caller's phone out."""
    await Agents(unit).leave()


@phone_router.get("/colleagues", dependencies=[phones])
async def list_colleagues(unit: Unit) -> list[ColleagueSeen]:
    """Return to whom the caller may hand a call: whoever else is at her phone."""
    return [ColleagueSeen.of(view) for view in await Agents(unit).colleagues()]


@phone_router.post("/state", dependencies=[phones])
async def change_state(unit: Unit, body: StateAsked) -> OwnPhone:
    """Say whether the caller takes calls."""
    return OwnPhone.of(await Agents(unit).go(body.to, body.reason), await Engines(unit).standing())


@phone_router.post("/finish", dependencies=[phones])
async def finish_wrap_up(unit: Unit) -> OwnPhone:
    """End the caller's wrap-up."""
    return OwnPhone.of(await Agents(unit).finish(), await Engines(unit).standing())
