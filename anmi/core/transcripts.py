"""Transcripts as values: two tracks in one order of time, numbers that strangers need not read masked, and the sound.

Channel 0 is the debtor's side, channel 1 what the debtor heard, as in the recording.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from anmi.core.inspection.text import sounds
from anmi.core.masking import mask_digits
from anmi.core.ports.speech import Transcript

DEBTOR_CHANNEL: Final = 0
OUR_CHANNEL: Final = 1

# As somebody reads a card or a phone number aloud: 幺三八零零 …
_SPOKEN_NUMBER: Final = re.compile("[零〇一幺二两三四五六七八九]{7,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance of a call; times in milliseconds from its recording's start."""

    number: int
    channel: int
    began_ms: int
    ended_ms: int
    text: str
    confidence: int | None
    """Per cent."""

    @property
    def masked(self) -> str:
        """The text as everybody who may read transcripts may read it."""
        return masked(self.text)


def lines_of(transcript: Transcript) -> tuple[Line, ...]:
    """Lay the tracks into one order of time; what was said at once stands in the order of the channels."""
    said = sorted(
        ((utterance.start, track.channel, utterance) for track in transcript.tracks for utterance in track.utterances),
        key=lambda each: each[:2],
    )
    return tuple(
        Line(
            number,
            channel,
            round(utterance.start * 1000),
            round(utterance.end * 1000),
            utterance.text,
            None if utterance.confidence is None else round(utterance.confidence * 100),
        )
        for number, (_, channel, utterance) in enumerate(said, start=1)
    )


def masked(text: str) -> str:
    """Mask the middle of long numbers, written in digits or as they are spoken."""
    return _SPOKEN_NUMBER.sub(lambda run: f"{run[0][:3]}{'*' * (len(run[0]) - 5)}{run[0][-2:]}", mask_digits(text))


def spelled(text: str) -> str:
    """Return the toneless pinyin of the Chinese in a text, a space before, between and behind its syllables."""
    known = sounds()
    syllables = [known.spelling[symbol] for symbol in text.translate(known.toneless) if symbol in known.spelling]
    return f" {' '.join(syllables)} " if syllables else ""


def is_spelling(text: str) -> bool:
    """Tell whether somebody searches by sound: Latin letters and spaces, nothing else."""
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z ]*", text.strip()))


def as_spelling(text: str) -> str:
    """Return typed pinyin as `spelled` writes it; without spaces it is one piece of a longer spelling."""
    return " ".join(text.lower().split())
