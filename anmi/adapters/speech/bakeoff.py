"""A recogniser measured on recordings whose words are known."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

import av
import numpy as np
from av.audio.frame import AudioFrame

from anmi.adapters.speech.accuracy import Accuracy, compared
from anmi.adapters.speech.audio import SAMPLE_RATE, Recording
from anmi.core.ports.speech import Speech, Transcript, UnreadableRecording

RECORDINGS: Final = (".wav", ".flac", ".mp3", ".ogg", ".m4a")
TELEPHONE_BAND: Final = (300, 3400)
TELEPHONE_RATE: Final = 8_000

Pairs: TypeAlias = list[tuple[Path, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One recording: what was said and what was heard."""

    name: str
    said: str
    heard: str
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Result:
    """What one recogniser made of a folder."""

    model: str
    seconds: float
    lines: tuple[Line, ...]

    @property
    def total(self) -> Accuracy:
        return sum((line.accuracy for line in self.lines), Accuracy())


def pairs_in(folder: Path) -> Pairs:
    """Return every recording of a folder whose text is known; raise UnreadableRecording where there is none."""
    table = folder / "transcripts.tsv"
    texts = _table(table) if table.is_file() else {}
    pairs: Pairs = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in RECORDINGS:
            beside = path.with_suffix(".txt")
            text = text_in(beside).strip() if beside.is_file() else texts.get(path.name)
            if text:
                pairs.append((path, text))
    if not pairs:
        raise UnreadableRecording(
            "no_pairs", f"{folder} 中没有带文本的录音（录音旁放同名 .txt，或一个 transcripts.tsv）"
        )
    return pairs


async def measure(
    speech: Speech, pairs: Pairs, keywords: tuple[str, ...], hot_words: tuple[str, ...], *, telephone: bool
) -> Result:
    """Let the recogniser hear every recording, on request as a telephone would carry it."""
    lines: list[Line] = []
    seconds = 0.0
    for path, said in pairs:
        try:
            with path.open("rb") as file:
                transcript = await speech.transcribe(telephoned(file) if telephone else file, hot_words)
        except UnreadableRecording as failure:
            raise UnreadableRecording(failure.code, f"{path.name}：{failure.message}") from failure
        seconds += transcript.duration
        heard = text_of(transcript)
        lines.append(Line(path.name, said, heard, compared(said, heard, keywords)))
    return Result(speech.model, seconds, tuple(lines))


def text_in(path: Path) -> str:
    """Return the text of a file; raise UnreadableRecording if it is in another encoding than UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as reason:
        raise UnreadableRecording("not_utf8", f"{path} 不是 UTF-8 文本，请另存为 UTF-8") from reason


def text_of(transcript: Transcript) -> str:
    """Return everything that was said, in order of time."""
    said = [utterance for track in transcript.tracks for utterance in track.utterances]
    return "".join(utterance.text for utterance in sorted(said, key=lambda utterance: utterance.start))


def telephoned(file: BinaryIO) -> BinaryIO:
    """Return the recording as a telephone line carries it: 300 to 3,400 Hz, 8,000 samples a second, A-law."""
    recording = Recording.open(file)
    sound = np.concatenate(list(recording.blocks()), axis=1)
    spectrum = np.fft.rfft(sound, axis=1)
    hertz = np.fft.rfftfreq(sound.shape[1], 1 / SAMPLE_RATE)
    spectrum[:, (hertz < TELEPHONE_BAND[0]) | (hertz > TELEPHONE_BAND[1])] = 0
    narrow = np.fft.irfft(spectrum, sound.shape[1], axis=1)[:, :: SAMPLE_RATE // TELEPHONE_RATE]
    layout = "mono" if recording.channels == 1 else "stereo"
    frame = AudioFrame.from_ndarray(
        np.rint(np.clip(narrow, -1, 1) * 32767).astype("<i2").T.reshape(1, -1), "s16", layout
    )
    frame.sample_rate = TELEPHONE_RATE
    line = io.BytesIO()
    with av.open(line, "w", format="wav") as container:
        stream = container.add_stream("pcm_alaw", rate=TELEPHONE_RATE, layout=layout)
        container.mux([*stream.encode(frame), *stream.encode(None)])
    line.seek(0)
    return line


def _table(path: Path) -> dict[str, str]:
    rows = [row.split("\t", 1) for row in text_in(path).splitlines() if "\t" in row]
    return {name.strip(): text.strip() for name, text in rows}
