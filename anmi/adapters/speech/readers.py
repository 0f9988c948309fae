"""The threads that read spoken parts with one shared model, which is loaded when the first part comes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Final

from anmi.adapters.speech.audio import Samples
from anmi.adapters.speech.weights import model_folder
from anmi.adapters.speech.whisper import Reading, Whisper

SPARE_EVERY: Final = 0.8
"""Seconds between two readings nobody waits for: they shall not take all the time that is left."""


class Readers:
    """One Whisper and `workers` threads; each reads one part at a time on one core."""

    def __init__(self, cache: Path, folder: Path | None, workers: int, niceness: int = 0) -> None:
        self.workers = workers
        self._niceness = niceness
        self._cache = cache
        self._folder = folder
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="speech", initializer=self._step_back)
        self._whisper: Whisper | None = None
        self._loading = Lock()
        self._counting = Lock()
        self._at_work = 0
        self._spare_from = 0.0

    def load(self) -> Whisper:
        """Return the model, loading it once; raise SpeechUnavailable if it cannot be loaded."""
        with self._loading:
            if self._whisper is None:
                # The model's own threads take after the one that makes them.
                with ThreadPoolExecutor(1, initializer=self._step_back) as loader:
                    self._whisper = loader.submit(self._make).result()
            return self._whisper

    def read(self, samples: Samples, hot_words: tuple[str, ...]) -> Future[Reading | None]:
        """Read a spoken part as soon as a thread is free, and try whatever can be tried."""
        return self._submit(lambda: self.load().read(samples, hot_words))

    def read_live(self, samples: Samples, hot_words: tuple[str, ...]) -> Future[Reading | None]:
        """Read a spoken part as soon as a thread is free; what is hard to read gives way to others that wait."""
        return self._submit(lambda: self.load().read(samples, hot_words, self._nobody_waits))

    def has_room(self) -> bool:
        """Tell whether a thread is free."""
        return self._at_work < self.workers

    def may_spare(self) -> bool:
        """Tell whether there is time to read what nobody waits for; who is told so takes it."""
        now = time.monotonic()
        if self._at_work or now < self._spare_from:
            return False
        self._spare_from = now + SPARE_EVERY
        return True

    def close(self) -> None:
        """Let the threads go, and forget what was not begun."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _submit(self, read: Callable[[], Reading | None]) -> Future[Reading | None]:
        with self._counting:
            self._at_work += 1
        reading = self._threads.submit(read)
        reading.add_done_callback(self._count_off)
        return reading

    def _nobody_waits(self) -> bool:
        return self._at_work <= self.workers

    def _make(self) -> Whisper:
        return Whisper(model_folder(self._cache, self._folder), self.workers)

    def _step_back(self) -> None:
        """Let others go first; on Linux this is a matter of each thread by itself."""
        os.nice(self._niceness)

    def _count_off(self, _reading: Future[Reading | None]) -> None:
        with self._counting:
            self._at_work -= 1
