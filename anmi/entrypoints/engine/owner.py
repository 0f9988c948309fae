"""The owner of one live call: a task with a mailbox. Events go in, the journal is written, then commands go out.

Nothing is done before it is written, and what cannot be written waits: a database that is away delays a call, it does
not lose it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import structlog

from anmi.core.call_commands import (
    AskPermission,
    CallCommand,
    CancelTimer,
    CreateLeg,
    HangUp,
    OfferToAgent,
    SetTimer,
    SwitchCommand,
)
from anmi.core.call_events import (
    CallEvent,
    DialPermitted,
    DialRefused,
    LegAnswered,
    LegCreated,
    LegEnded,
    OwnerFailed,
    RecordingBegan,
    TalkBegan,
    TalkEnded,
    Timer,
    TimerRang,
)
from anmi.core.call_journal import read
from anmi.core.call_legs import Ending, Evidence, Leg, Source
from anmi.core.call_life import commands_again
from anmi.core.call_stages import DEBTOR, Arriving, AskingPermission, Dialling, Stage, rung_of
from anmi.core.call_views import whose
from anmi.core.ports.switch import Address, Switch
from anmi.entrypoints.engine.turns import Turns
from anmi.entrypoints.patience import AWAY
from anmi.kit.caller import the_system
from anmi.kit.errors import Refusal, Unavailable
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.calls.breaking_off import break_off
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.permits import Permits, Permitted
from anmi.telephony.calls.service import Calls, KeptCall, keep
from anmi.telephony.engines.service import Engines

log = structlog.get_logger()

FIRST_PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 2.0
LINGER_SECONDS: Final = 30.0
"""How long an ended call is still listened to: its legs say farewell, the wire names its reasons."""
MURMURS: Final = (TalkBegan, TalkEnded, RecordingBegan)
"""What nobody's page shows. As long as nothing is done about it, it is written with whatever comes next."""
MURMUR_FOR: Final = timedelta(seconds=2)
"""How long it may take until the journal has a murmur."""
AT_ONCE: Final = 20
"""Events of one call that are written in one transaction when they have piled up."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One event for a call, when it came, and the order it was asked by, if it was."""

    event: CallEvent
    at: datetime
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What lives of this call in the switch: each leg, and whether it is answered."""

    living: Mapping[Leg, bool]
    made: frozenset[Leg]
    """The legs that had been made when the switch was asked: of these, those that do not live have ended."""


class House(Protocol):
    """What owners of calls need of their engine."""

    units: Units
    switch: Switch
    permits: Permits
    turns: Turns

    async def address_of(self, unit: UnitOfWork, call_id: UUID, agent_id: UUID) -> Address | None:
        """Return where an agent's phone is."""
        ...

    def wait_for_agent(self, owner: Owner) -> None:
        """Look for somebody who has time, now and again until somebody has."""
        ...

    def has_finished(self, owner: Owner) -> None:
        """Forget a call that is over."""
        ...


class Owner:
    """The owner of one call."""

    def __init__(self, house: House, kept: KeptCall) -> None:
        self.kept = kept
        self._house = house
        self._mailbox: asyncio.Queue[Letter | TakeBack] = asyncio.Queue()
        self._timers: dict[Timer, asyncio.TimerHandle] = {}
        self._addresses: dict[Leg, Address | None] = {}
        """Where legs lead, as read in the transaction that asked for them; a leg is made once."""
        self._made = set(kept.life.made)
        """What was written by whoever owned the call before was made, or never will be."""
        self._task = asyncio.create_task(self._live(), name=f"call {kept.facts.call_id}")

    @property
    def call_id(self) -> UUID:
        """The call."""
        return self.kept.facts.call_id

    @property
    def tenant_id(self) -> UUID:
        """Whose call it is."""
        return self.kept.facts.tenant_id

    @property
    def made(self) -> frozenset[Leg]:
        """The legs that the switch was told to make, and has heard it."""
        return frozenset(self._made)

    def tell(self, event: CallEvent, order_id: int | None = None) -> None:
        """Put an event into the mailbox."""
        self._mailbox.put_nowait(Letter(event, self._house.units.clock(), order_id))

    def take_back(self, living: Mapping[Leg, bool], made: frozenset[Leg] = frozenset()) -> None:
        """Compare the call with what lives of it, and put right what differs.

        `made` is what had been made when the switch was asked: what is made meanwhile lives unseen.
        """
        self._mailbox.put_nowait(TakeBack(living, made))

    async def stop(self) -> None:
        """Leave the call as it is: whoever comes after reads its journal."""
        for handle in self._timers.values():
            handle.cancel()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _live(self) -> None:
        try:
            while not self.kept.life.has_ended or self.kept.life.open_legs or not self._mailbox.empty():
                patience = LINGER_SECONDS if self.kept.life.has_ended else None
                async with asyncio.timeout(patience):
                    first = await self._mailbox.get()
                    if not self.kept.lines:
                        await self._house.turns.until_calm()
                    await self._read(first)
        except TimeoutError:
            log.warning("call_legs_unheard_of", call_id=str(self.call_id), legs=len(self.kept.life.open_legs))
        except Exception as fault:
            log.exception("call_owner_failed", call_id=str(self.call_id), fault=type(fault).__name__)
            await self._break_off(OwnerFailed(type(fault).__name__))
        finally:
            for handle in self._timers.values():
                handle.cancel()
            self._house.has_finished(self)

    async def _read(self, first: Letter | TakeBack) -> None:
        letters: list[Letter] = []
        item: Letter | TakeBack | None = first
        while isinstance(item, Letter):
            letters.append(item)
            item = None if len(letters) == AT_ONCE else await self._next(letters)
        with self._house.turns.at_work():
            if letters:
                await self._write(letters)
            if isinstance(item, TakeBack):
                await self._compare(item)

    async def _next(self, letters: list[Letter]) -> Letter | TakeBack | None:
        """Return what has piled up beside these; murmurs wait for it."""
        if self._are_murmurs(letters):
            patience = letters[0].at + MURMUR_FOR - self._house.units.clock()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience.total_seconds()):
                    return await self._mailbox.get()
        return None if self._mailbox.empty() else self._mailbox.get_nowait()

    def _are_murmurs(self, letters: list[Letter]) -> bool:
        kept, asked = self.kept, list[CallCommand]()
        for letter in letters:
            kept, commands = kept.told(letter.event, letter.at)
            asked += commands
        return not asked and all(isinstance(letter.event, MURMURS) for letter in letters)

    # ── written first ──

    async def _write(self, letters: list[Letter]) -> None:
        """Write events down, all of them or none, and then do what they ask for."""

        async def write(unit: UnitOfWork) -> tuple[KeptCall, list[CallCommand]]:
            kept, asked = self.kept, list[CallCommand]()
            for letter in letters:
                kept, commands = await keep(unit, kept, letter.event, letter.at)
                asked += commands
                if letter.order_id is not None:
                    await Engines(unit).close_order(letter.order_id)
            return await self._prepare(unit, kept, asked)

        self.kept, commands = await self._transact(write)
        await self._do(commands)

    async def _prepare(
        self, unit: UnitOfWork, kept: KeptCall, asked: list[CallCommand]
    ) -> tuple[KeptCall, list[CallCommand]]:
        """Learn what the commands need, in the transaction they follow from: whether to dial at all, and where to."""
        if AskPermission() in asked:
            asked.remove(AskPermission())
            # What came meanwhile may have ended the call.
            if isinstance(kept.life.stage, AskingPermission):
                kept, answered = await self._decide(unit, kept)
                asked += answered
        for command in asked:
            if isinstance(command, CreateLeg) and command.leg != DEBTOR:
                self._addresses[command.leg] = await self._way_to(unit, kept, command.leg)
        return kept, asked

    async def _transact(
        self, work: Callable[[UnitOfWork], Awaitable[tuple[KeptCall, list[CallCommand]]]]
    ) -> tuple[KeptCall, list[CallCommand]]:
        """Carry out one transaction; begin it again for as long as the database is away."""
        pause = 0.0
        while True:
            try:
                async with self._house.units.begin(the_system(self.tenant_id)) as unit:
                    # The answer to a commit may be what was lost: then the journal has it already.
                    written = await self._already_written(unit) if pause else None
                    return written or await work(unit)
            except AWAY as fault:
                pause = min(pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
                log.warning("call_waits_for_database", call_id=str(self.call_id), fault=type(fault).__name__)
            await asyncio.sleep(pause)

    async def _already_written(self, unit: UnitOfWork) -> tuple[KeptCall, list[CallCommand]] | None:
        """Return what follows from lines that were written although nobody told us so."""
        lines = await Calls(unit).journal(self.call_id, self.kept.lines)
        kept, asked = self.kept, list[CallCommand]()
        for line in lines:
            kept, commands = kept.told(read(line.event), line.at)
            asked += commands
        return (kept, asked) if lines else None

    # ── then done ──

    async def _do(self, commands: list[CallCommand]) -> None:
        for command in commands:
            match command:
                case SetTimer(timer, seconds):
                    self._cancel(timer)
                    loop = asyncio.get_running_loop()
                    self._timers[timer] = loop.call_later(seconds, self.tell, TimerRang(timer))
                case CancelTimer(timer):
                    self._cancel(timer)
                case AskPermission():
                    await self._ask_permission()
                case OfferToAgent():
                    self._house.wait_for_agent(self)
                case _:
                    await self._carry_out(command)

    async def _carry_out(self, command: SwitchCommand) -> None:
        address: Address | None = None
        if isinstance(command, CreateLeg):
            address = await self._address_of(command.leg)
            if address is None:
                self.tell(LegEnded(command.leg, Ending.OFFLINE, Evidence(Source.OURSELVES)))
                return
        try:
            await self._house.switch.carry_out(self.call_id, command, address)
        except (Unavailable, ValueError) as fault:
            # A switch that comes back is compared with what should live in it; one leg that fails is that leg's end.
            log.warning("command_failed", call_id=str(self.call_id), command=type(command).__name__, fault=str(fault))
            if isinstance(command, CreateLeg):
                self.tell(LegEnded(command.leg, Ending.FAILED, Evidence(Source.OURSELVES)))
        else:
            if isinstance(command, CreateLeg):
                self._made.add(command.leg)

    async def _address_of(self, leg: Leg) -> Address | None:
        if leg == DEBTOR or leg in self._addresses:
            return self._addresses.get(leg)
        async with self._house.units.begin(the_system(self.tenant_id)) as unit:
            return await self._way_to(unit, self.kept, leg)

    async def _way_to(self, unit: UnitOfWork, kept: KeptCall, leg: Leg) -> Address | None:
        agent_id = whose(kept.life, leg)
        return None if agent_id is None else await self._house.address_of(unit, self.call_id, agent_id)

    async def _ask_permission(self) -> None:
        """Decide once more where nobody knows what was decided."""

        async def decide(unit: UnitOfWork) -> tuple[KeptCall, list[CallCommand]]:
            kept, commands = await self._decide(unit, self.kept)
            return kept, list(commands)

        self.kept, commands = await self._transact(decide)
        await self._do(commands)

    async def _decide(self, unit: UnitOfWork, kept: KeptCall) -> tuple[KeptCall, tuple[CallCommand, ...]]:
        """Decide in one transaction with the line that says so; only then is anybody dialled."""
        event: CallEvent
        try:
            answer = await self._house.permits.permit(unit, kept.facts)
        except Refusal as refusal:
            event = DialRefused(refusal.code, refusal.code)
        else:
            if isinstance(answer, Permitted):
                self._addresses[DEBTOR] = answer.address
                event = DialPermitted(kept.facts.permit_id)
            else:
                event = DialRefused(answer.rule_id, answer.reason)
        await unit.flush()
        return await keep(unit, kept, event, unit.now)

    # ── broken off ──

    async def _break_off(self, why: OwnerFailed) -> None:
        """End a call after a fault of ours: nobody may be left on a line that nobody owns."""
        legs = sorted(self.kept.life.open_legs)
        # What fails may be what follows from the end: then the end is written, and nothing follows from it.
        for quietly in (False, True):
            try:
                await self._transact(partial(self._written_off, why, quietly=quietly))
            except Exception as fault:
                log.exception("call_not_broken_off", call_id=str(self.call_id), fault=type(fault).__name__)
            else:
                break
        await self._do([HangUp(leg) for leg in legs])

    async def _written_off(
        self, why: OwnerFailed, unit: UnitOfWork, *, quietly: bool
    ) -> tuple[KeptCall, list[CallCommand]]:
        kept = await Calls(unit).replay(await unit.session.get_one(Call, self.call_id))
        return kept if kept.life.has_ended else await break_off(unit, kept, why, quietly=quietly), []

    # ── taken back ──

    async def _compare(self, seen: TakeBack) -> None:
        life, living, now = self.kept.life, seen.living, self._house.units.clock()
        for leg in sorted(living.keys() - life.open_legs):
            await self._carry_out(HangUp(leg))
        dead = sorted((life.open_legs & seen.made) - living.keys())
        letters = [Letter(LegEnded(leg, Ending.FAILED, Evidence(Source.OURSELVES)), now) for leg in dead]
        letters += [Letter(event, now) for event in _unheard(life.stage, living)]
        if letters:
            await self._write(letters)
        await self._do(list(commands_again(self.kept.life)))

    def _cancel(self, timer: Timer) -> None:
        handle = self._timers.pop(timer, None)
        if handle is not None:
            handle.cancel()


def _unheard(stage: Stage, living: Mapping[Leg, bool]) -> Iterator[CallEvent]:
    """Yield what the legs that live have become while nobody listened."""
    waited = [(rung.leg, rung.is_made) for rung in rung_of(stage)]
    if isinstance(stage, Dialling | Arriving) and not stage.is_answered:
        waited.append((DEBTOR, isinstance(stage, Arriving) or stage.is_made))
    for leg, is_made in waited:
        if leg in living and not is_made:
            yield LegCreated(leg)
        if living.get(leg):
            yield LegAnswered(leg)
