"""What a FunASR server says, in our words. Servers of different age disagree; here is where they are brought together.

The C++ runtime stamps its sentences with times, and closes with `is_final`. The Python servers stamp nothing; an older
one sets `is_final` while somebody is still speaking, a newer one acknowledges the end with `is_end`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from anmi.adapters.speech.wording import bare_text, polished
from anmi.core.ports.speech import Word


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the sentence that is being said; a Sentence will take the place of all its pieces."""

    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A complete sentence; its times are None where the server does not say them."""

    text: str
    start: float | None = None
    end: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """The server has said all it will say."""

    error: str = ""


Answer: TypeAlias = Piece | Sentence | Closed


def opening(name: str, hot_words: tuple[str, ...]) -> str:
    """Return the message that begins a track of 16 kHz audio."""
    message: dict[str, Any] = {
        "mode": "2pass",
        "wav_name": name,
        "wav_format": "pcm",
        "audio_fs": 16000,
        "is_speaking": True,
        "chunk_size": [5, 10, 5],
        "chunk_interval": 10,
        # Numbers as they were said, so that characters and their times agree.
        "itn": False,
    }
    if hot_words:
        # The runtime wants JSON inside a string; older Python servers read words with spaces between them.
        message["hotwords"] = json.dumps(dict.fromkeys(hot_words, 20), ensure_ascii=False)
        message["hotword"] = " ".join(hot_words)
    return json.dumps(message, ensure_ascii=False)


ENDING = json.dumps({"is_speaking": False, "is_end": True})


def understood(message: str | bytes, *, has_ended: bool) -> list[Answer]:
    """Read one message; `has_ended` tells that we have sent all our audio."""
    try:
        said = json.loads(message)
    except ValueError:
        return []
    if not isinstance(said, dict):
        return []
    answer = _Message(said)
    if answer.text.startswith("ERROR"):
        return [Closed(answer.text)]
    if said.get("is_end"):
        return [*answer.sentences(), Closed(str(said.get("error") or ""))]
    if not answer.is_offline:
        pieces: list[Answer] = [Piece(answer.text)] if answer.text else []
        # The C++ runtime closes a track that ends in silence with an empty text of no mode.
        return [*pieces, Closed()] if has_ended and said.get("is_final") and not pieces else pieces
    # `is_final` alone proves nothing: only a server that stamps its sentences means it.
    is_last = has_ended and bool(said.get("is_final")) and answer.is_stamped
    return [*answer.sentences(), *([Closed()] if is_last else [])]


@dataclass(slots=True)
class _Message:
    said: dict[str, Any]
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = str(self.said.get("text") or "")

    @property
    def is_offline(self) -> bool:
        return str(self.said.get("mode") or "").endswith("offline")

    @property
    def is_stamped(self) -> bool:
        return bool(self._stamped_sentences() or self._stamps())

    def sentences(self) -> list[Answer]:
        if not self.is_offline or not bare_text(self.text):
            return []
        if stamped := self._stamped_sentences():
            return [_stamped(one, self.text if len(stamped) == 1 else None) for one in stamped]
        return [_spread(polished(self.text), self._stamps())]

    def _stamped_sentences(self) -> list[dict[str, Any]]:
        stamped = self.said.get("stamp_sents")
        return [one for one in stamped if isinstance(one, dict)] if isinstance(stamped, list) else []

    def _stamps(self) -> list[list[float]]:
        stamps = self.said.get("timestamp")
        if isinstance(stamps, str):
            try:
                stamps = json.loads(stamps)
            except ValueError:
                return []
        return _pairs(stamps)


def _stamped(sentence: dict[str, Any], whole: str | None) -> Answer:
    text = polished(whole or f"{sentence.get('text_seg', '')}{sentence.get('punc', '')}")
    stamps = _pairs(sentence.get("ts_list")) or _pairs([[sentence.get("start"), sentence.get("end")]])
    return _spread(text, stamps)


def _spread(text: str, stamps: list[list[float]]) -> Sentence:
    if not stamps:
        return Sentence(text)
    characters = bare_text(text)
    is_each = len(characters) == len(stamps)
    words = tuple(
        Word(begin / 1000, end / 1000, mark)
        for mark, (begin, end) in zip(characters if is_each else "", stamps, strict=False)
    )
    return Sentence(text, stamps[0][0] / 1000, stamps[-1][1] / 1000, words)


def _pairs(stamps: object) -> list[list[float]]:
    if not isinstance(stamps, list):
        return []
    pairs = [pair for pair in stamps if isinstance(pair, list) and len(pair) == 2]
    return pairs if all(isinstance(at, int | float) and at >= 0 for pair in pairs for at in pair) else []
