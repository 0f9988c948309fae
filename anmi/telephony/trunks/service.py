"""Trunks (线路): lines to carriers, which of them is dialled over, and how they fare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypedDict
from uuid import UUID

import structlog

from anmi.core.audit_actions import AuditAction
from anmi.core.call_legs import Ending
from anmi.core.ports.switch import TrunkAccount
from anmi.core.trunk_health import OF_THE_TRUNK, SAYS_NOTHING, Health, after, rests
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.keyring import CannotOpen
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.engines.service import Engines
from anmi.telephony.trunks import repository
from anmi.telephony.trunks.events import TrunkChanged
from anmi.telephony.trunks.models import SECRET, Trunk, TrunkState
from anmi.telephony.trunks.repository import UsableTrunk

__all__ = ["TrunkState", "TrunkView", "Trunks", "UsableTrunk", "switch_name", "trunk_id_of"]

log = structlog.get_logger()

TOPIC: Final = "trunks"
AT_ONCE: Final = 200
"""More than so many do not ask at one instant: a database has no connections for them."""
_PREFIX: Final = "trunk-"
_FACTS: Final = (
    "name",
    "carrier",
    "licence",
    "engine_id",
    "host",
    "transport",
    "codecs",
    "username",
    "registers",
    "capacity",
    "rank",
    "reasons",
    "state",
    "is_rehearsal",
)


class TrunkNameTaken(Conflict):
    """Another trunk has this name."""

    code = "TRUNK_NAME_TAKEN"
    zh, en = "线路名称“{given}”已被使用", "The trunk name {given} is taken"


class UnknownEngine(Invalid):
    """There is no such engine."""

    code = "UNKNOWN_ENGINE"
    zh, en = "所选话务引擎不存在", "There is no such engine"


class TrunkEnded(Conflict):
    """A trunk that has ended stays so: what was called over it is told by its name."""

    code = "TRUNK_ENDED"
    zh, en = "线路已停用，不能再修改", "This trunk has ended and is not changed any more"


class NoTrunk(Conflict):
    """No line is open, well and free."""

    code = "NO_TRUNK"
    zh, en = "没有可用线路，请稍后重试", "No trunk is free and well; please try again in a moment"


class TrunkChanges(TypedDict, total=False):
    """The fields a trunk is made of and an edit touches; `secret` is sealed and never shown again."""

    name: str
    carrier: str
    licence: str
    engine_id: UUID | None
    host: str
    transport: str
    codecs: list[str]
    username: str | None
    secret: str | None
    registers: bool
    capacity: int
    rank: int
    reasons: dict[str, Any]
    state: TrunkState
    is_rehearsal: bool


@dataclass(frozen=True, slots=True)
class TrunkView:
    """A trunk and how it stands at this moment."""

    trunk: Trunk
    calls_now: int
    is_resting: bool


class Trunks:
    """The trunks of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> list[TrunkView]:
        """Return every trunk."""
        busy = await repository.lines_now(self._unit.session)
        return [self._view(trunk, busy.get(trunk.id, 0)) for trunk in await repository.trunks(self._unit.session)]

    async def get(self, trunk_id: UUID) -> TrunkView:
        """Return a trunk."""
        trunk = await self._trunk(trunk_id)
        return self._view(trunk, (await repository.lines_now(self._unit.session)).get(trunk_id, 0))

    async def add(self, facts: TrunkChanges) -> Trunk:
        """Take a line into use."""
        told = {name: value for name, value in facts.items() if name != "secret"}
        trunk = Trunk(id=new_id(), tenant_id=self._unit.tenant_id, failures=0, version=1, **told)
        trunk.state = facts.get("state", TrunkState.ACTIVE)
        trunk.secret_sealed = self._sealed(facts.get("secret"))
        async with refused_as(self._unit.session, self._refusals(trunk.name)):
            self._unit.session.add(trunk)
        self._unit.remember(AuditAction.TRUNK_ADDED, ("trunk", trunk.id), **_facts_of(trunk))
        await self._tell_engines(trunk)
        return trunk

    async def change(self, trunk_id: UUID, version: int, changes: TrunkChanges) -> Trunk:
        """Change a trunk, pause it, take it up again or end it; calls that live on it go on."""
        trunk = await self._trunk(trunk_id, lock=True)
        trunk.edit(version)
        if trunk.state is TrunkState.ENDED:
            raise TrunkEnded
        before = _facts_of(trunk)
        async with refused_as(self._unit.session, self._refusals(changes.get("name", trunk.name))):
            for name, value in changes.items():
                if name != "secret":
                    setattr(trunk, name, value)
            if "secret" in changes:
                trunk.secret_sealed = self._sealed(changes["secret"])
        facts = difference(before, _facts_of(trunk))
        if "secret" in changes:
            facts["is_secret_new"] = True
        self._unit.remember(AuditAction.TRUNK_CHANGED, ("trunk", trunk.id), **facts)
        await self._tell_engines(trunk)
        return trunk

    async def choose(self, engine_id: UUID | None = None) -> UsableTrunk:
        """Return the trunk to dial over: open, well, with room, of the lowest rank; raise NoTrunk where there is none.

        It is held until the transaction ends: write the call with it in the same one, so that it counts.
        """
        for trunk in await self.usable(engine_id):
            if await self.has_room(trunk):
                return trunk
        raise NoTrunk

    async def has_room(self, trunk: UsableTrunk, lines: int = 1) -> bool:
        """Say whether a trunk has room for so many lines more; nearly full, it is held until the transaction ends.

        So whoever asks meanwhile waits, and counts the call that is written with the answer.
        """
        if trunk.room > AT_ONCE:
            return True
        await repository.hold(self._unit.driver, trunk.id)
        # Counted by a statement of its own: it sees what those have written who were waited for.
        return await repository.room(self._unit.driver, trunk.id) >= lines

    async def usable(self, engine_id: UUID | None = None) -> list[UsableTrunk]:
        """Return the trunks that are open, well and have room, in the order they are dialled over."""
        await self._unit.flush()
        return await repository.usable(self._unit.driver, self._unit.now, engine_id)

    async def heard(self, call_id: UUID, ending: Ending | None) -> None:
        """Take the ending of a call into the health of the trunk it went over."""
        if ending is None or ending in SAYS_NOTHING:
            return
        if ending not in OF_THE_TRUNK:
            if (healed := await repository.make_well(self._unit.driver, call_id)) is not None:
                self._unit.announce(TrunkChanged(healed), TOPIC)
            return
        trunk_id = await repository.trunk_of_call(self._unit.driver, call_id)
        if trunk_id is None:
            return
        trunk = await self._trunk(trunk_id, lock=True)
        health = after(Health(trunk.failures, trunk.rests_until), ending, self._unit.now)
        trunk.failures, trunk.rests_until = health.failures, health.rests_until
        self._unit.announce(TrunkChanged(trunk_id), TOPIC)

    async def accounts(self, engine_id: UUID) -> list[TrunkAccount]:
        """Return the trunks an engine is to open, their secrets unsealed; for the engine alone.

        One whose secret cannot be unsealed keeps no other line from being opened.
        """
        accounts: list[TrunkAccount] = []
        for trunk in await repository.trunks(self._unit.session):
            if trunk.state is TrunkState.ACTIVE and trunk.engine_id in {None, engine_id}:
                try:
                    accounts.append(self._account(trunk))
                except CannotOpen:
                    log.exception("trunk_secret_cannot_be_opened", trunk_id=str(trunk.id))
        return accounts

    async def account(self, trunk_id: UUID, engine_id: UUID) -> TrunkAccount | None:
        """Return a trunk as an engine is to open it; None where it is to be closed there."""
        trunk = await repository.trunk(self._unit.session, trunk_id)
        if trunk is None or trunk.state is not TrunkState.ACTIVE or trunk.engine_id not in {None, engine_id}:
            return None
        return self._account(trunk)

    async def _trunk(self, trunk_id: UUID, *, lock: bool = False) -> Trunk:
        trunk = await repository.trunk(self._unit.session, trunk_id, lock=lock)
        if trunk is None:
            raise NotFound
        return trunk

    async def _tell_engines(self, trunk: Trunk) -> None:
        """Have every engine look at the trunk anew: also the one it no longer hangs on."""
        engines = Engines(self._unit)
        for engine in await engines.all():
            await engines.order(engine.id, {"kind": "TrunkChanged", "trunk_id": str(trunk.id)})
        self._unit.announce(TrunkChanged(trunk.id), TOPIC)

    def _view(self, trunk: Trunk, calls_now: int) -> TrunkView:
        return TrunkView(trunk, calls_now, rests(trunk.rests_until, self._unit.now))

    def _sealed(self, secret: str | None) -> bytes | None:
        return None if secret is None else self._unit.seal(SECRET, secret)

    def _account(self, trunk: Trunk) -> TrunkAccount:
        return TrunkAccount(
            switch_name(trunk.id),
            trunk.host,
            trunk.transport,
            tuple(trunk.codecs),
            trunk.username,
            None if trunk.secret_sealed is None else self._unit.open(SECRET, trunk.secret_sealed),
            trunk.registers,
            tuple(sorted(trunk.reasons.items())),
        )

    @staticmethod
    def _refusals(name: str) -> dict[str, Conflict | Invalid]:
        return {"uq_trunks_tenant_id_name": TrunkNameTaken(given=name), "fk_trunks_engine_id": UnknownEngine()}


def switch_name(trunk_id: UUID) -> str:
    """Return what a trunk is called in a switch: one name in the whole installation."""
    return f"{_PREFIX}{trunk_id.hex}"


def trunk_id_of(name: str) -> UUID | None:
    """Return which trunk a switch speaks of; None where it is none of ours."""
    try:
        return UUID(hex=name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
    except ValueError:
        return None


def _facts_of(trunk: Trunk) -> dict[str, Any]:
    facts = {name: getattr(trunk, name) for name in _FACTS}
    return facts | {"engine_id": str(trunk.engine_id) if trunk.engine_id else None}
