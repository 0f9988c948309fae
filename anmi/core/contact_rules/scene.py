"""One attempt as the rules look at it: on Chinese clocks, with the history sorted out once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from anmi.core.calendar import in_china, start_of
from anmi.core.contact_rules.facts import VOICE, Attempt, Channel, Facts, Outcome, PastContact, Purpose
from anmi.core.contact_rules.values import Caps
from anmi.core.contact_rules.verdicts import Bar, Reason

_COUNTED_AS_EFFECTIVE = frozenset({Outcome.EFFECTIVE, Outcome.RESERVED})


class Scene:
    """The attempt, the facts and the instant they are judged at."""

    __slots__ = ("_calls", "at", "attempt", "facts", "midnight", "today")

    def __init__(self, attempt: Attempt, facts: Facts, at: datetime) -> None:
        self.attempt = attempt
        self.facts = facts
        self.at = in_china(at)
        self.today: date = self.at.date()
        self.midnight = start_of(self.today)
        self._calls: list[PastContact] | None = None

    @property
    def calls(self) -> list[PastContact]:
        """The calls we placed to this party or on this number."""
        if self._calls is None:
            party, point = self.attempt.party.party_id, self.attempt.point.point_id
            self._calls = [
                past
                for past in self.facts.history
                if (past.party_id == party or past.point_id == point) and past.channel in VOICE and not past.is_incoming
            ]
        return self._calls

    def effective_calls(self, channels: frozenset[Channel] = VOICE) -> list[datetime]:
        """Return when this party was spoken to by our call, a call under way included."""
        party = self.attempt.party.party_id
        return [
            past.at
            for past in self.calls
            if past.party_id == party and past.outcome in _COUNTED_AS_EFFECTIVE and past.channel in channels
        ]

    def sent(self, channel: Channel) -> list[datetime]:
        """Return when a message or letter went to this party."""
        party = self.attempt.party.party_id
        return [
            past.at
            for past in self.facts.history
            if past.channel is channel and past.party_id == party and not past.is_incoming
        ]

    def is_reminder_due(self, on: date) -> bool:
        """Whether this reminds a liable party on the very day a promise or an instalment falls due."""
        attempt = self.attempt
        return attempt.purpose is Purpose.REMIND and attempt.party.is_liable and on in self.facts.due_on

    def used_up(self, caps: Caps, times: list[datetime], reason: Reason) -> Bar | None:
        """Bar the attempt if one more would exceed a cap, until enough of `times` have left its days."""
        bar: Bar | None = None
        for count, days in caps.limits:
            if len(times) < count:
                continue
            # What is dated ahead of our clock counts as well: a neighbour's clock may run fast.
            first_day = self.midnight - timedelta(days=days - 1)
            inside = sorted(time for time in times if time >= first_day)
            if len(inside) < count:
                continue
            if count == 0:
                return Bar(reason, None)
            until = start_of(in_china(inside[-count]).date()) + timedelta(days=days)
            if bar is None or bar.until is None or until > bar.until:
                bar = Bar(reason, until)
        return bar
