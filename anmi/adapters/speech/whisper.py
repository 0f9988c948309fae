"""Whisper through CTranslate2: one spoken part in, its words out, with a guard against words nobody said.

Stock Whisper reads every part as thirty seconds. Reading it as the ten or fifteen it fits into costs a quarter, and
almost no accuracy; only below ten seconds does it start to invent.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from anmi.adapters.speech.audio import SAMPLE_RATE, Samples
from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.adapters.speech.features import log_mel
from anmi.adapters.speech.wording import PROMPT, is_invented, polished, repeats_itself

PADDED_TO: Final = (10, 15, 30)
"""Seconds; silence behind the words, at least `ROOM` of it, is part of what the model was trained with."""
ROOM: Final = 0.1
LEAST_LIKELY: Final = -1.0
"""Mean log probability of a token below which a text is not believed."""
SILENCE_LIKELY: Final = 0.5
LONGEST_PROMPT: Final = 120
"""Tokens; the model's own limit is 224."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way of reading: cheap first, then as the model was trained, then with a little chance against circles."""

    beam: int
    seconds: int = 0
    temperature: float = 0.0


ATTEMPTS: Final = (Attempt(1), Attempt(5), Attempt(5, seconds=30), Attempt(1, seconds=30, temperature=0.4))


@dataclass(frozen=True, slots=True)
class Reading:
    """What Whisper made of a spoken part; an empty text means that nobody spoke."""

    text: str
    confidence: float


NOBODY: Final = Reading("", 0.0)


class Whisper:
    """A loaded model, shared by `workers` threads that each use one core."""

    def __init__(self, folder: Path, workers: int) -> None:
        try:
            self._model = ctranslate2.models.Whisper(
                str(folder), device="cpu", compute_type="int8", inter_threads=workers, intra_threads=1
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as reason:  # CTranslate2 and tokenizers raise bare RuntimeError and Exception.
            raise SpeechUnavailable("model_unreadable", f"无法加载语音识别模型：{folder}") from reason
        if not self._model.is_multilingual:
            raise SpeechUnavailable("model_not_chinese", f"语音识别模型不支持中文：{folder}")
        self._tokenizing = Lock()

    def read(
        self, samples: Samples, hot_words: tuple[str, ...] = (), has_time: Callable[[], bool] = lambda: True
    ) -> Reading | None:
        """Return the words of a spoken part of at most 30 seconds, or None if there are none to be believed.

        The last attempts take as long as reading four other parts: they are made if there is time for it.
        """
        prompt = self._prompt(hot_words)
        duration = len(samples) / SAMPLE_RATE
        padded_to = next((seconds for seconds in PADDED_TO if duration + ROOM <= seconds), PADDED_TO[-1])
        # Nobody says more than eight tokens a second; more than that is a circle.
        most_tokens = int(8 * duration) + 12
        for attempt in ATTEMPTS:
            if attempt.seconds and not has_time():
                return None
            features = log_mel(samples, attempt.seconds or padded_to, self._model.n_mels)
            [result] = self._model.generate(
                ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None])),
                [prompt],
                beam_size=attempt.beam,
                sampling_temperature=attempt.temperature or 1.0,
                sampling_topk=20 if attempt.temperature else 1,
                max_length=len(prompt) + most_tokens,
                return_scores=True,
                return_no_speech_prob=True,
            )
            likelihood = float(result.scores[0])
            if result.no_speech_prob > SILENCE_LIKELY and likelihood < LEAST_LIKELY:
                return NOBODY
            tokens = result.sequences_ids[0]
            text = polished(self._tokenizer.decode(tokens))
            if likelihood > LEAST_LIKELY and len(tokens) < most_tokens and not repeats_itself(text):
                return NOBODY if is_invented(text, hot_words) else Reading(text, round(math.exp(likelihood), 3))
        return None

    def _prompt(self, hot_words: tuple[str, ...]) -> list[int]:
        words = f" {PROMPT}" + (f"{'、'.join(hot_words)}。" if hot_words else "")
        with self._tokenizing:
            previous = self._tokenizer.encode(words, add_special_tokens=False).ids[:LONGEST_PROMPT]
        marks = ("startoftranscript", "zh", "transcribe", "notimestamps")
        return [self._mark("startofprev"), *previous, *(self._mark(mark) for mark in marks)]

    def _mark(self, name: str) -> int:
        token = self._tokenizer.token_to_id(f"<|{name}|>")
        if token is None:
            raise SpeechUnavailable("model_not_chinese", f"语音识别模型的词表中没有 <|{name}|>")
        return token
