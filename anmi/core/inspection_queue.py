"""Which calls a person inspects too: the grave, the doubtful, and a few at random, so that the machine is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Final
from uuid import UUID


class QueuedFor(StrEnum):
    """Why a person is asked to look."""

    CRITICAL = "critical"
    DOUBTFUL = "doubtful"
    RANDOM = "random"
    ALARM = "alarm"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    ASKED = "asked"


PRIORITIES: Final[dict[QueuedFor, int]] = {
    QueuedFor.APPEAL: 60,
    QueuedFor.COMPLAINT: 50,
    QueuedFor.ALARM: 40,
    QueuedFor.CRITICAL: 30,
    QueuedFor.ASKED: 20,
    QueuedFor.DOUBTFUL: 10,
    QueuedFor.RANDOM: 0,
}
"""Who waits for an answer comes first; the longest wait decides between equals."""

UNSURE: Final = 60
"""Under so many per cent of certainty the recogniser may have misheard."""
LEAST_TALK_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a call once the machine has looked at it."""

    call_id: UUID
    has_critical: bool
    score: int
    passing: int
    confidence: int | None
    """Per cent, over the utterances of our side; None where the recogniser does not say."""
    has_missed: bool
    """Something was said of which there is no text."""
    talked_seconds: float
    was_alarmed: bool = False


def queued_for(signs: Signs, random_percent: int) -> QueuedFor | None:
    """Say why a person is to inspect a call, or None where the machine's word stands."""
    if signs.was_alarmed:
        return QueuedFor.ALARM
    if signs.has_critical:
        return QueuedFor.CRITICAL
    if _is_doubtful(signs):
        return QueuedFor.DOUBTFUL
    # Drawn by the call's own id: asked again, the answer is the same.
    drawn = int.from_bytes(blake2b(signs.call_id.bytes, digest_size=4).digest()) % 100
    return QueuedFor.RANDOM if drawn < random_percent else None


def _is_doubtful(signs: Signs) -> bool:
    if signs.talked_seconds < LEAST_TALK_SECONDS:
        return False
    is_unsure = signs.confidence is not None and signs.confidence < UNSURE
    return signs.score < signs.passing or signs.has_missed or is_unsure
