"""What happens in the diary of cases."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anmi.core.codes import Follow
from anmi.kit.events import Event


@dataclass(frozen=True, slots=True)
class ActivityRecorded(Event):
    """Somebody wrote down what was done on a case and what came of it; `follows` is what the code asks for."""

    activity_id: UUID
    case_id: UUID
    phone_id: UUID | None
    attempt_id: UUID | None
    result_code: str
    follows: frozenset[Follow]
