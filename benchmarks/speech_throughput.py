"""How many hours of recordings an hour of this machine transcribes, beside stock faster-whisper with the same weights.

    python benchmarks/speech_throughput.py [FOLDER] [--telephone] [--calls] [--workers 2]

FOLDER holds recordings and their words as for `anmi speech bakeoff`. Both recognisers get the same files, as many at a
time as there are workers, one thread each, in the same run. `--calls` strings the recordings together into two-track
calls with pauses, which is what full inspection hears.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import tempfile
import time
import wave
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel, decode_audio

from anmi.adapters.speech.accuracy import Accuracy, compared
from anmi.adapters.speech.audio import SAMPLE_RATE, Recording, Samples
from anmi.adapters.speech.bakeoff import Pairs, pairs_in, telephoned
from anmi.adapters.speech.embedded import EmbeddedSpeech
from anmi.adapters.speech.weights import model_folder
from anmi.adapters.speech.wording import PROMPT

FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures" / "speech"
TURNS_PER_CALL = 10
PAUSE = 0.8


@dataclass(frozen=True)
class Audio:
    """A recording in memory and what each of its tracks says."""

    content: bytes
    said: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Figures:
    name: str
    wall: float
    cpu: float
    accuracy: Accuracy


def recordings(pairs: Pairs, *, telephone: bool) -> list[Audio]:
    """Return every recording as it stands in the folder."""
    read = [Audio(path.read_bytes(), (said,), _seconds(path.read_bytes())) for path, said in pairs]
    return [_on_telephone(audio) for audio in read] if telephone else read


def calls(pairs: Pairs, *, telephone: bool) -> list[Audio]:
    """Return two-track calls in which both sides speak in turn."""
    strung: list[Audio] = []
    for at in range(0, len(pairs), TURNS_PER_CALL):
        sides: list[list[Samples]] = [[], []]
        said = ["", ""]
        for turn, (path, text) in enumerate(pairs[at : at + TURNS_PER_CALL]):
            spoken = np.append(_samples(path.read_bytes())[0], np.zeros(int(PAUSE * SAMPLE_RATE), np.float32))
            said[turn % 2] += text
            sides[turn % 2].append(spoken)
            sides[1 - turn % 2].append(np.zeros_like(spoken))
        together = np.stack([np.concatenate(side) for side in sides])
        audio = Audio(_wav(together), tuple(said), together.shape[1] / SAMPLE_RATE)
        strung.append(_on_telephone(audio) if telephone else audio)
    return strung


async def ours(speech: EmbeddedSpeech, audio: Audio) -> list[str]:
    transcript = await speech.transcribe(io.BytesIO(audio.content))
    return ["".join(one.text for one in track.utterances) for track in transcript.tracks]


def stock(model: WhisperModel, audio: Audio, *, vad: bool) -> list[str]:
    file = io.BytesIO(audio.content)
    tracks = decode_audio(file, split_stereo=True) if len(audio.said) == 2 else (decode_audio(file),)
    heard: list[str] = []
    for track in tracks:
        segments, _ = model.transcribe(track, language="zh", initial_prompt=PROMPT, vad_filter=vad)
        heard.append("".join(segment.text for segment in segments))
    return heard


async def measured(
    name: str, audios: list[Audio], hear: Callable[[Audio], Awaitable[list[str]]], workers: int
) -> Figures:
    """Let a recogniser hear everything, `workers` recordings at a time."""
    free = asyncio.Semaphore(workers)

    async def one(audio: Audio) -> Accuracy:
        async with free:
            heard = await hear(audio)
        return sum((compared(*both) for both in zip(audio.said, heard, strict=True)), Accuracy())

    wall, cpu = time.perf_counter(), time.process_time()
    accuracies = await asyncio.gather(*(one(audio) for audio in audios))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Figures(name, wall, cpu, sum(accuracies, Accuracy()))


async def compare(audios: list[Audio], workers: int) -> list[Figures]:
    with tempfile.TemporaryDirectory() as cache, EmbeddedSpeech(Path(cache), workers=workers) as speech:
        speech.whisper()
        model = WhisperModel(
            str(model_folder(Path(cache))), device="cpu", compute_type="int8", cpu_threads=1, num_workers=workers
        )
        threads = ThreadPoolExecutor(workers)

        async def plain(audio: Audio) -> list[str]:
            return await asyncio.get_running_loop().run_in_executor(threads, lambda: stock(model, audio, vad=False))

        async def with_vad(audio: Audio) -> list[str]:
            return await asyncio.get_running_loop().run_in_executor(threads, lambda: stock(model, audio, vad=True))

        return [
            await measured("Anmi embedded", audios, lambda audio: ours(speech, audio), workers),
            await measured("faster-whisper", audios, plain, workers),
            await measured("faster-whisper, vad_filter", audios, with_vad, workers),
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FIXTURES)
    parser.add_argument("--telephone", action="store_true", help="pass everything through 8 kHz A-law first")
    parser.add_argument("--calls", action="store_true", help="string the recordings together into two-track calls")
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args()
    pairs = pairs_in(told.folder)
    audios = (calls if told.calls else recordings)(pairs, telephone=told.telephone)
    seconds = sum(audio.seconds for audio in audios)
    kind = f"{'8 kHz A-law ' if told.telephone else ''}{'two-track calls' if told.calls else 'single recordings'}"
    print(f"{len(audios)} {kind}, {seconds:.0f} s, {told.workers} workers")
    print(f"{'':28}{'hours/hour':>12}{'hours/CPU hour':>16}{'times stock':>13}{'CER':>8}")
    every = asyncio.run(compare(audios, told.workers))
    for figures in every:
        times = every[1].cpu / figures.cpu
        print(
            f"{figures.name:28}{seconds / figures.wall:12.1f}{seconds / figures.cpu:16.1f}{times:13.2f}"
            f"{figures.accuracy.character_error_rate:8.1%}"
        )


def _samples(content: bytes) -> Samples:
    return np.concatenate(list(Recording.open(io.BytesIO(content)).blocks()), axis=1)


def _seconds(content: bytes) -> float:
    return _samples(content).shape[1] / SAMPLE_RATE


def _on_telephone(audio: Audio) -> Audio:
    return Audio(telephoned(io.BytesIO(audio.content)).read(), audio.said, audio.seconds)


def _wav(tracks: Samples) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(len(tracks))
        written.setsampwidth(2)
        written.setframerate(SAMPLE_RATE)
        written.writeframes(np.rint(np.clip(tracks.T, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


if __name__ == "__main__":
    main()
