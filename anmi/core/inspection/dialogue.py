"""A call as it was heard: who speaks to whom, from which turn on the right party was known, and how long it lasted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from anmi.core.inspection.match import Heard
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Call, Party, Speaker, Turn

# Shorter than this is a snippet, and nothing can be missing from a snippet.
_WHOLE_CALL_TURNS: Final = 6
_WHOLE_CALL_SECONDS: Final = 30
_WHOLE_CALL_TURNS_WITH_TIMES: Final = 4
_LATE_BEGINNING_SECONDS: Final = 10

_YES: Final = re.compile(
    r"^(?:哎|诶|啊|哦|喂|噢|嗯|唉|恩)?[，。]?(?:(?:对|是|嗯|恩|没错|在|说|讲|哎|诶|有)(?:[的啊呀呢吧哦嘛，。！？对是嗯]|$)|我是|我就是|就是我|是我|是的|对的|本人|我本人|你说|请说|请讲|你讲"
    r"|什么事|有什么事|怎么了|有事吗|咋了|啥事|可以|好的?(?:[，。]|$))|我就是|本人|我是(?:的|本人|[，。]|$)|就是我"
)
_NO: Final = re.compile(
    r"不是(?!.{0,4}(?:说|不))|打错|不在|没有这个人|不认识|没这个人|我是他|他是我|我不叫|不姓|认错|错了|你哪|你是哪|你谁|你是谁|哪里|哪位|哪个|换号"
)
_ID_DIGITS: Final = re.compile(r"(?:[0-9零一二三四五六七八九幺两]{4})(?:x|号)?")


@dataclass(frozen=True)
class Dialogue:
    """A call and what was heard in each of its turns."""

    call: Call
    heard: tuple[Heard, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        return self.call.turns

    def has(self, place: int, cue: str) -> bool:
        return cue in self.heard[place].hits

    def any_of(self, place: int, cues: frozenset[str]) -> str | None:
        """Return one of the cues heard in this turn."""
        return next((cue for cue in self.heard[place].hits if cue in cues), None)

    def places(self, side: frozenset[Speaker]) -> list[int]:
        return [place for place, turn in enumerate(self.turns) if turn.speaker in side]

    @cached_property
    def seconds(self) -> float | None:
        """How long the call lasted, where the turns have times."""
        starts = [turn.start for turn in self.turns if turn.start is not None]
        ends = [turn.end for turn in self.turns if turn.end is not None]
        return max(ends) - min(starts) if starts and ends else None

    @cached_property
    def is_whole(self) -> bool:
        """Tell whether this is a conversation from its beginning, long enough for all that is due."""
        first = next((turn.start for turn in self.turns if turn.start is not None), None)
        if first is not None and first > _LATE_BEGINNING_SECONDS:
            return False
        if not self.places(THEIR_SIDE) or len(self.places(OUR_SIDE)) < 2:
            return False
        if len(self.turns) >= _WHOLE_CALL_TURNS:
            return True
        long_enough = self.seconds is not None and self.seconds >= _WHOLE_CALL_SECONDS
        return long_enough and len(self.turns) >= _WHOLE_CALL_TURNS_WITH_TIMES

    @cached_property
    def verified_from(self) -> int | None:
        """Return the first turn after which we know that the right party speaks."""
        asked = asked_for_id = False
        for place, turn in enumerate(self.turns):
            if turn.speaker in OUR_SIDE:
                asked = asked or self.has(place, "asks_identity")
                asked_for_id = asked_for_id or self.has(place, "asks_id_factor")
                if not (self.has(place, "asks_identity") or self.has(place, "asks_id_factor")):
                    # Somebody who did not answer the question has not been verified by it.
                    asked = asked and place > 0 and self.turns[place - 1].speaker in OUR_SIDE
                continue
            text = self.heard[place].text
            if turn.speaker is not Speaker.DEBTOR or _NO.search(text):
                asked = False
                continue
            if (asked and _YES.search(text)) or (asked_for_id and _ID_DIGITS.search(text)) or "就是我" in text:
                return place
        return None

    @cached_property
    def third_party_from(self) -> int | None:
        """Return the first turn from which a third party is known to listen."""
        if self.call.party is Party.THIRD_PARTY:
            return 0
        for place, turn in enumerate(self.turns):
            if turn.speaker is Speaker.THIRD_PARTY or (
                turn.speaker is Speaker.DEBTOR
                and self.call.party is Party.UNKNOWN
                and self.has(place, "third_party_speaks")
            ):
                # What we say before they name themselves is said to somebody unverified.
                return place if turn.speaker is Speaker.DEBTOR else 0
        return None

    def addressee(self, place: int) -> Party:
        """Return who hears the turn at `place`."""
        third = self.third_party_from
        if third is not None and place >= third and self._nearest_other(place) is not Speaker.DEBTOR:
            return Party.THIRD_PARTY
        if third is not None and self.call.party is not Party.RIGHT_PARTY and place >= third:
            return Party.THIRD_PARTY
        if self.call.party is Party.RIGHT_PARTY:
            return Party.RIGHT_PARTY
        verified = self.verified_from
        return Party.RIGHT_PARTY if verified is not None and place > verified else Party.UNKNOWN

    def begins_unverified(self, place: int) -> bool:
        """Tell whether a whole call went up to this turn without one question for the name."""
        if not self.is_whole:
            return False
        before = [ours for ours in self.places(OUR_SIDE) if ours <= place]
        return not any(self.has(ours, cue) for ours in before for cue in ("asks_identity", "asks_id_factor"))

    def _nearest_other(self, place: int) -> Speaker | None:
        others = self.places(THEIR_SIDE)
        return self.turns[min(others, key=lambda other: (abs(other - place), other))].speaker if others else None
