"""Rehearsal (演练): invented debtors who pick up, or do not, and speak. Nobody in here is a real person.

A number decides who answers under it, by a seed, so that a rehearsal can be repeated. How somebody talks is a machine
without a clock: the carrier tells it what it hears and does what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Final, TypeAlias

SCALE: Final = 1 << 64


class Answer(StrEnum):
    """What the network does with a call to a number."""

    PERSON = "person"
    MACHINE = "machine"
    """An answering machine takes it."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    EMPTY = "empty"
    SUSPENDED = "suspended"
    POWERED_OFF = "powered_off"
    UNREACHABLE = "unreachable"
    CONGESTED = "congested"


CAUSES: Final[dict[Answer, int]] = {
    Answer.NO_ANSWER: 19,
    Answer.BUSY: 17,
    Answer.REJECTED: 21,
    Answer.EMPTY: 1,
    # No code of the standard means it: carriers say it aloud and clear with something general.
    Answer.SUSPENDED: 31,
    Answer.POWERED_OFF: 20,
    Answer.UNREACHABLE: 19,
    Answer.CONGESTED: 34,
}
"""The cause (ITU-T Q.850) a call that is not taken is cleared with."""

ANNOUNCEMENTS: Final[dict[Answer, str]] = {
    Answer.EMPTY: "network-empty",
    Answer.SUSPENDED: "network-suspended",
    Answer.POWERED_OFF: "network-powered-off",
    Answer.UNREACHABLE: "network-unreachable",
    Answer.BUSY: "network-busy",
}
"""What the network says before it clears, in early media, by the name of its voice file."""


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody under a number."""

    code: str
    zh: str
    en: str
    share: int
    """How many of 1,000 numbers."""
    answer: Answer = Answer.PERSON
    ring_seconds: float = 4.0
    lines: tuple[str, ...] = ()
    """What is said, turn by turn, by the names of voice files; the first on picking up. `tone:700` hums for ever."""
    patience_seconds: float = 6.0
    """How long somebody bears silence."""
    ends_call: bool = True
    """Hangs up after the last line; otherwise waits for us to."""


GREETING: Final = "hello"
NUDGE: Final = "are-you-there"

PERSONAS: Final = (
    Persona(
        "promises",
        "承诺还款",
        "Promises to pay",
        90,
        lines=("hello", "it-is-me", "promise-3500-next-friday", "promise-confirmed", "goodbye"),
    ),
    Persona(
        "promises_month_end",
        "月底还款",
        "Promises for the end of the month",
        60,
        lines=("hello", "it-is-me", "promise-month-end", "goodbye"),
    ),
    Persona(
        "hardship", "经济困难", "In hardship", 50, lines=("hello", "it-is-me", "lost-job", "instalments", "goodbye")
    ),
    Persona("disputes", "对金额有异议", "Disputes the sum", 30, lines=("hello", "it-is-me", "dispute", "goodbye")),
    Persona(
        "complains", "投诉倾向", "Threatens to complain", 20, lines=("hello", "who-are-you", "complain", "goodbye")
    ),
    Persona("ill", "生病住院", "Ill in hospital", 10, lines=("hello", "it-is-me", "ill", "goodbye")),
    Persona(
        "calls_back", "要求回电", "Asks to be called back", 40, lines=("hello", "busy-now", "call-back", "goodbye")
    ),
    Persona("wrong_party", "非本人", "Somebody else", 50, lines=("hello", "not-me", "wrong-number")),
    Persona("relative", "家人接听", "A relative", 30, lines=("hello", "relative", "relative-passes-on", "goodbye")),
    Persona("paid_already", "称已还款", "Says it is paid", 30, lines=("hello", "it-is-me", "paid-already", "goodbye")),
    Persona("silent", "接通不说话", "Says nothing", 20, lines=(), patience_seconds=12.0),
    Persona("hangs_up", "接通即挂", "Hangs up at once", 40, lines=("hello",), patience_seconds=1.0),
    Persona("answering_machine", "语音信箱", "Answering machine", 40, Answer.MACHINE, lines=("voicemail",)),
    # Nobody's voice: for those who measure whether sound goes through. Never met by chance.
    Persona("tone", "测试音", "Test tone", 0, ring_seconds=1.0, lines=("tone:700",)),
    Persona("no_answer", "无人接听", "No answer", 220, Answer.NO_ANSWER, ring_seconds=60.0),
    Persona("busy", "占线", "Busy", 60, Answer.BUSY, ring_seconds=0.5),
    Persona("rejects", "拒接", "Rejects the call", 60, Answer.REJECTED, ring_seconds=3.0),
    Persona("empty", "空号", "Empty number", 50, Answer.EMPTY, ring_seconds=0.0),
    Persona("suspended", "停机", "Suspended", 40, Answer.SUSPENDED, ring_seconds=0.0),
    Persona("powered_off", "关机", "Powered off", 40, Answer.POWERED_OFF, ring_seconds=0.0),
    Persona("unreachable", "无法接通", "Unreachable", 15, Answer.UNREACHABLE, ring_seconds=0.0),
    Persona("congested", "网络拥塞", "Network congested", 5, Answer.CONGESTED, ring_seconds=0.0),
)

BY_CODE: Final[dict[str, Persona]] = {persona.code: persona for persona in PERSONAS}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is under which number, for one rehearsal."""

    seed: int = 0
    personas: Sequence[Persona] = PERSONAS
    chosen: Mapping[str, str] | None = None
    """Numbers whose persona is given by its code, whatever the seed says."""

    def under(self, digits: str) -> Persona:
        """Return who answers, or does not, under a number."""
        if self.chosen and digits in self.chosen:
            return BY_CODE[self.chosen[digits]]
        whole = sum(persona.share for persona in self.personas)
        drawn = int.from_bytes(blake2b(f"{self.seed}:{digits}".encode(), digest_size=8).digest()) * whole // SCALE
        for persona in self.personas:
            drawn -= persona.share
            if drawn < 0:
                return persona
        raise AssertionError("the shares make up the whole")

    def with_shares(self, shares: Mapping[str, int]) -> Cast:
        """Return the cast with other shares; a persona that is not named has none."""
        unknown = shares.keys() - BY_CODE.keys()
        if unknown:
            raise ValueError(f"no such persona: {', '.join(sorted(unknown))}")
        if not any(share > 0 for share in shares.values()):
            raise ValueError("somebody must be there")
        return replace(self, personas=tuple(replace(BY_CODE[code], share=share) for code, share in shares.items()))


class Ear(StrEnum):
    """What somebody who has picked up notices."""

    PICKED_UP = "picked_up"
    LINE_ENDED = "line_ended"
    """Her own sentence is over."""
    OTHER_BEGAN = "other_began"
    OTHER_ENDED = "other_ended"
    PATIENCE_ENDED = "patience_ended"
    """Nobody has said anything for `patience_seconds`."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a line."""

    line: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Say nothing; grow impatient after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up."""


Deed: TypeAlias = Say | Wait | Leave


@dataclass(frozen=True, slots=True)
class Talk:
    """Where somebody stands in her talk."""

    persona: Persona
    said: int = 0
    """How many of her lines she has begun."""
    is_speaking: bool = False
    is_heard: bool = False
    """The other speaks."""
    was_answered: bool = False
    """The other has said something since her last line."""
    nudges: int = 0

    def hear(self, ear: Ear) -> tuple[Talk, tuple[Deed, ...]]:
        """Return how the talk goes on after what was noticed."""
        match ear:
            case Ear.PICKED_UP:
                return self._go_on()
            case Ear.LINE_ENDED:
                return replace(self, is_speaking=False)._listen()
            case Ear.OTHER_BEGAN:
                return replace(self, is_heard=True, was_answered=True), ()
            case Ear.OTHER_ENDED:
                return replace(self, is_heard=False)._answer()
            case Ear.PATIENCE_ENDED:
                return self._grow_impatient()

    @property
    def is_over(self) -> bool:
        """Tell whether she has nothing left to say."""
        return self.said >= len(self.persona.lines)

    def _listen(self) -> tuple[Talk, tuple[Deed, ...]]:
        if self.is_over and self.persona.ends_call and self.persona.lines:
            return self, (Leave(),)
        if self.was_answered and not self.is_heard:
            return self._go_on()
        return self, (Wait(self.persona.patience_seconds),)

    def _answer(self) -> tuple[Talk, tuple[Deed, ...]]:
        return (self, ()) if self.is_speaking else self._go_on()

    def _go_on(self) -> tuple[Talk, tuple[Deed, ...]]:
        if self.is_over:
            return self, (Wait(self.persona.patience_seconds),)
        line = self.persona.lines[self.said]
        return replace(self, said=self.said + 1, is_speaking=True, was_answered=False, nudges=0), (Say(line),)

    def _grow_impatient(self) -> tuple[Talk, tuple[Deed, ...]]:
        if self.is_speaking or self.is_heard:
            return self, ()
        # A machine does not ask whether somebody is there; nor does who never meant to talk.
        if self.nudges or not self.persona.lines or self.is_over or self.persona.answer is Answer.MACHINE:
            return self, (Leave(),)
        return replace(self, nudges=1, is_speaking=True), (Say(NUDGE),)
