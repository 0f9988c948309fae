"""What happens in a call: what people ask of it, what the house answers, what the switch tells.

Events carry codes and ids only, never a number or a name: the journal of a call is made of them. People are named by
the id they have as agents; who releases a call by force, or asks for it from outside the floor, by her person's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from anmi.core.call_legs import Ending, Evidence, Leg


class Monitoring(StrEnum):
    """How a supervisor takes part in a call that is not hers."""

    LISTEN = "listen"
    WHISPER = "whisper"
    """The agent hears her; the debtor and the recording do not."""
    BARGE = "barge"


class Timer(StrEnum):
    """What a call waits for, and not for ever."""

    AGENT_RING = "agent_ring"
    DEBTOR_RING = "debtor_ring"
    GUEST_RING = "guest_ring"
    QUEUE = "queue"
    AGENT_AWAY = "agent_away"
    """The agent's phone is gone; how long the debtor waits for it to come back."""
    RECORDING = "recording"
    """The debtor is there and nothing is being kept yet: a talk does not begin without its recording."""


# ── asked ──


@dataclass(frozen=True, slots=True)
class CallAsked:
    """An agent wants to be connected with the party of a subject; her own leg comes first."""

    agent_id: UUID
    agent_ring_seconds: int = 20
    debtor_ring_seconds: int = 45


@dataclass(frozen=True, slots=True)
class CallArrived:
    """Somebody calls us; `agent_id` is whom the house would like to answer, if anybody."""

    agent_id: UUID | None
    queue_seconds: int = 120


@dataclass(frozen=True, slots=True)
class AgentOffered:
    """The house offers a waiting call to an agent."""

    agent_id: UUID
    agent_ring_seconds: int = 20


@dataclass(frozen=True, slots=True)
class HangUpAsked:
    """Whoever is on the call ends it."""

    by: UUID | None


@dataclass(frozen=True, slots=True)
class ForceReleaseAsked:
    """A supervisor, or a rule, ends a call that is not hers."""

    by: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class HoldAsked:
    """The debtor hears music."""

    by: UUID


@dataclass(frozen=True, slots=True)
class ResumeAsked:
    """The talk goes on."""

    by: UUID


@dataclass(frozen=True, slots=True)
class KeysAsked:
    """Keys are to be sent to the debtor's side."""

    by: UUID
    keys: str


@dataclass(frozen=True, slots=True)
class TransferAsked:
    """The call is to go to another agent: at once, or after a word with her while the debtor waits."""

    by: UUID
    to_agent_id: UUID
    is_attended: bool


@dataclass(frozen=True, slots=True)
class TransferConfirmed:
    """After the word: hand over and leave."""

    by: UUID


@dataclass(frozen=True, slots=True)
class TransferWithdrawn:
    """After the word: take the debtor back."""

    by: UUID


@dataclass(frozen=True, slots=True)
class ConferenceAsked:
    """The guest that was asked in and the debtor shall hear one another; all three speak."""

    by: UUID


@dataclass(frozen=True, slots=True)
class MonitorAsked:
    """A supervisor listens, whispers or barges in; asked again it changes her way of taking part."""

    by: UUID
    mode: Monitoring


@dataclass(frozen=True, slots=True)
class MonitorEnded:
    """The supervisor leaves the call."""

    by: UUID


@dataclass(frozen=True, slots=True)
class TakeOverAsked:
    """A supervisor takes the agent's place."""

    by: UUID


# ── answered by the house ──


@dataclass(frozen=True, slots=True)
class DialPermitted:
    """The debtor may be dialled now; the number is known to the engine alone."""

    permit_id: UUID | None


@dataclass(frozen=True, slots=True)
class DialRefused:
    """The debtor may not be dialled, and why: no leg is made."""

    rule_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineLost:
    """The engine that owned this call is gone for good, and the switch with it: what lived is over."""


@dataclass(frozen=True, slots=True)
class OwnerFailed:
    """Whoever owned this call has failed on a fault of ours: nobody may be left on a line that nobody owns."""

    why: str


@dataclass(frozen=True, slots=True)
class AnnouncementRead:
    """What the network said before it cleared the call has been turned into text, and understood."""

    ending: Ending


# ── told by the switch ──


@dataclass(frozen=True, slots=True)
class LegCreated:
    """The switch has made the leg; nobody is rung yet. Of an arriving call: it stands before us, unanswered."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegRinging:
    """A phone rings."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegProgressed:
    """There is sound before the answer: a ringing tone, or an announcement."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """Somebody, or something, has answered."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The leg is no more; or it could not be made."""

    leg: Leg
    ending: Ending
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class LegLost:
    """The phone of this leg has left without a word: its page was closed, or the network is gone."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegBack:
    """The phone of a lost leg is there again and can be rung."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class LegsConnected:
    """These legs hear one another now."""

    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class RecordingBegan:
    """Both tracks are being kept."""


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    """The talk is not being kept. Rule RECORDING: what cannot be recorded is not said."""

    why: str


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key of the phone was pressed."""

    leg: Leg
    key: str


@dataclass(frozen=True, slots=True)
class TalkBegan:
    """The one at this leg has begun to speak."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """The one at this leg has fallen silent."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class TimerRang:
    """Enough of waiting."""

    timer: Timer


CallEvent: TypeAlias = (
    CallAsked
    | CallArrived
    | AgentOffered
    | HangUpAsked
    | ForceReleaseAsked
    | HoldAsked
    | ResumeAsked
    | KeysAsked
    | TransferAsked
    | TransferConfirmed
    | TransferWithdrawn
    | ConferenceAsked
    | MonitorAsked
    | MonitorEnded
    | TakeOverAsked
    | DialPermitted
    | DialRefused
    | EngineLost
    | OwnerFailed
    | AnnouncementRead
    | LegCreated
    | LegRinging
    | LegProgressed
    | LegAnswered
    | LegEnded
    | LegLost
    | LegBack
    | LegsConnected
    | RecordingBegan
    | RecordingFailed
    | KeyPressed
    | TalkBegan
    | TalkEnded
    | TimerRang
)
