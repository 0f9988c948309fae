"""What a watched call shows while it lasts: its lines, the checklist, quiet warnings, and signals with their help.

Times are seconds from the moment agent and debtor were connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from anmi.core.alarms import DebtorSignal, Help
from anmi.core.inspection.model import Severity


class Side(StrEnum):
    """Whose voice a track holds: the debtor's, or everything that the debtor hears."""

    DEBTOR = "debtor"
    AGENT = "agent"


class NotHeard(StrEnum):
    """Why there is no live text of a call."""

    OFF = "OFF"
    OVERLOADED = "OVERLOADED"
    NOT_YET = "NOT_YET"


class CheckState(StrEnum):
    """How one point of the checklist stands."""

    WAITING = "waiting"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One utterance."""

    side: Side
    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the checklist, and when it was met."""

    code: str
    state: CheckState
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """A violation the agent is quietly told of."""

    code: str
    title: str
    severity: Severity
    words: str
    at: float


@dataclass(frozen=True, slots=True)
class Signalled:
    """Something the debtor said that calls for help."""

    code: DebtorSignal
    words: str
    at: float
    help: Help
