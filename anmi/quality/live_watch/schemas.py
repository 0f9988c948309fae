"""The live watch as HTTP sees it; times are seconds from the moment agent and debtor were connected."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from anmi.core.alarms import SIGNALS, DebtorSignal, Help
from anmi.core.inspection.model import Severity
from anmi.core.live_watch_policy import CRITICAL_CODES, WatchPolicy
from anmi.core.live_watch_views import CheckState, NotHeard, Side
from anmi.core.quality_codes import FINDING_WORDS
from anmi.kit.fields import Asked, Seen
from anmi.quality.live_watch.service import LiveText, LiveView

ViolationCode = Annotated[str, Field(pattern=r"^V[0-9]{2}$")]


class LiveLineSeen(Seen):
    """One utterance of a live call; `number` in the order they were heard."""

    number: int
    track: Side
    start: float
    end: float
    text: str
    is_masked: bool

    @classmethod
    def of(cls, line: LiveText) -> LiveLineSeen:
        """Return it as HTTP says it."""
        return cls(
            number=line.number,
            track=line.side,
            start=line.began_ms / 1000,
            end=line.ended_ms / 1000,
            text=line.text,
            is_masked=line.is_masked,
        )


class SoFarSeen(Seen):
    """An utterance that is still being said; its text may yet change."""

    track: Side
    start: float
    text: str


class CheckSeen(Seen):
    """One point of the checklist."""

    code: str
    title: str
    state: CheckState
    at: float | None


class WarningSeen(Seen):
    """A violation the agent is quietly told of."""

    code: str
    title: str
    severity: Severity
    words: str
    at: float


class SignalSeen(Seen):
    """Something the debtor said that calls for help, and the help that is offered, or was given."""

    code: DebtorSignal
    title: str
    words: str
    at: float
    help: Help
    is_given: bool


class LiveCallSeen(Seen):
    """What stands of a live call."""

    call_id: UUID
    is_heard: bool
    why_not: NotHeard | None
    lines: list[LiveLineSeen]
    so_far: list[SoFarSeen]
    checklist: list[CheckSeen]
    warnings: list[WarningSeen]
    signals: list[SignalSeen]

    @classmethod
    def of(cls, view: LiveView) -> LiveCallSeen:
        """Return it as HTTP says it."""
        return cls(
            call_id=view.call.id,
            is_heard=view.is_heard,
            why_not=view.why_not,
            lines=[LiveLineSeen.of(line) for line in view.lines],
            so_far=[SoFarSeen(track=Side(side), **said) for side, said in view.so_far.items()],
            checklist=[CheckSeen(title=FINDING_WORDS[check["code"]].zh, **check) for check in view.checklist],
            warnings=[WarningSeen(**warning) for warning in view.warnings],
            signals=[SignalSeen(title=SIGNALS[signal["code"]].words.zh, **signal) for signal in view.signals],
        )


class HelpAsked(Asked):
    """Which signal is to be helped."""

    signal: DebtorSignal


class WatchPolicyAsked(Asked):
    """A policy to set, and the version it replaces."""

    version: Annotated[int, Field(ge=0)]
    force_release: Annotated[dict[ViolationCode, Annotated[int, Field(ge=1, le=20)]], Field(max_length=30)]
    automatic_help: Annotated[list[DebtorSignal], Field(default_factory=list[DebtorSignal], max_length=10)]
    escalate_after_seconds: Annotated[int, Field(ge=10, le=3600)]
    silence_seconds: Annotated[int, Field(ge=5, le=600)]
    overlong_seconds: Annotated[int, Field(ge=60, le=14_400)]

    def policy(self) -> WatchPolicy:
        """Return what is asked for as a value."""
        return WatchPolicy(
            self.force_release,
            frozenset(self.automatic_help),
            self.escalate_after_seconds,
            self.silence_seconds,
            self.overlong_seconds,
        )


class WatchPolicySeen(Seen):
    """The policy in force; `critical_codes` are those that may end a call by force."""

    version: int
    force_release: dict[str, int]
    automatic_help: list[DebtorSignal]
    escalate_after_seconds: int
    silence_seconds: int
    overlong_seconds: int
    critical_codes: list[str]

    @classmethod
    def of(cls, policy: WatchPolicy, version: int) -> WatchPolicySeen:
        """Return it as HTTP says it."""
        return cls(
            version=version,
            force_release=dict(policy.force_release),
            automatic_help=sorted(policy.automatic_help),
            escalate_after_seconds=policy.escalate_after_seconds,
            silence_seconds=policy.silence_seconds,
            overlong_seconds=policy.overlong_seconds,
            critical_codes=sorted(CRITICAL_CODES),
        )
