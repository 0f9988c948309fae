"""The half-written note of a call, offered to the person who is to write it; nothing is written by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeAlias
from uuid import UUID

from anmi.casework.activities.service import Activities
from anmi.core.draft import Draft, HeardFrom
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.calls.models import Call
from anmi.telephony.calls.service import Calls

NoteTaker: TypeAlias = Callable[[UnitOfWork, Call], Awaitable[tuple[HeardFrom, Draft] | None]]
"""Reads what can be noted down of a call, and says what it was read from; None while nothing was heard."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What is offered to be written down."""

    call_id: UUID
    heard_from: HeardFrom | None
    draft: Draft


class Drafts:
    """Half-written notes, for one caller."""

    def __init__(self, unit: UnitOfWork, note_taker: NoteTaker) -> None:
        self._unit = unit
        self._note_taker = note_taker

    async def of_call(self, call_id: UUID) -> Offered:
        """Return what can be noted down of a call that is the caller's own or within reach."""
        call = await Calls(self._unit).seen(call_id)
        noted = await self._note_taker(self._unit, call)
        if noted is None:
            return Offered(call_id, None, Draft())
        heard_from, draft = noted
        return Offered(call_id, heard_from, self._in_own_codes(draft))

    def _in_own_codes(self, draft: Draft) -> Draft:
        """Leave out a result that cannot be chosen here."""
        known = Activities(self._unit).codes.results.get(draft.result.value) if draft.result else None
        return draft if known is not None and known.may_be_chosen else replace(draft, result=None)
