"""Half-written notes as HTTP sees them."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from anmi.core.draft import HeardFrom, Noted
from anmi.core.transcripts import masked
from anmi.kit.fields import Seen
from anmi.workbench.dispositions.drafts import Offered


class Said(Seen):
    """Where a value comes from: the sentence, long digits masked, and its second of the call."""

    sentence: str
    at: float | None
    is_ours: bool
    """Said by our side, and not by the debtor's."""


class CodeNoted(Said):
    """How the contact ended, as a result code of the diary."""

    value: str


class DayNoted(Said):
    """A day that was promised."""

    value: date


class SumNoted(Said):
    """A sum that was promised."""

    value: int
    """In fen."""


class NextContactNoted(Said):
    """When the two will speak again; the hour is China's, where one was said."""

    value: date
    hour: time | None


class ReasonNoted(Said):
    """Why the debtor has not paid."""

    value: str


class DraftSeen(Seen):
    """What can be noted down of a call so far; null where nothing was said, or nothing that can be relied on."""

    call_id: UUID
    source: HeardFrom | None
    """Null while nothing was heard."""
    result: CodeNoted | None
    promise_due_on: DayNoted | None
    promise_amount_fen: SumNoted | None
    next_contact: NextContactNoted | None
    reason: ReasonNoted | None

    @classmethod
    def of(cls, offered: Offered) -> DraftSeen:
        """Return it as HTTP says it."""
        noted = offered.draft
        amount, following = noted.promise_amount, noted.next_contact
        return cls(
            call_id=offered.call_id,
            source=offered.heard_from,
            result=CodeNoted(**_said(noted.result), value=noted.result.value) if noted.result else None,
            promise_due_on=DayNoted(**_said(noted.promise_on), value=noted.promise_on.value)
            if noted.promise_on
            else None,
            promise_amount_fen=SumNoted(**_said(amount), value=amount.value.fen) if amount else None,
            next_contact=NextContactNoted(**_said(following), value=following.value.on, hour=following.value.at)
            if following
            else None,
            reason=ReasonNoted(**_said(noted.reason), value=noted.reason.value) if noted.reason else None,
        )


def _said(noted: Noted[Any]) -> dict[str, Any]:
    return {"sentence": masked(noted.sentence), "at": noted.at, "is_ours": noted.is_ours}
