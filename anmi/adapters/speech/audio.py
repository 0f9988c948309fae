"""Recordings of any common kind, read as a stream of 16 kHz samples per channel, so three hours need no more memory
than three minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, TypeAlias

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from anmi.core.ports.speech import UnreadableRecording

Samples: TypeAlias = NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
BLOCK: Final = 10 * SAMPLE_RATE
MAX_CHANNELS: Final = 2

# Containers we expect from telephone systems. FFmpeg also knows playlists, which would open further files and addresses
# named inside them: a recording must never be able to do that.
FORMATS: Final = "wav,w64,aiff,au,mp3,ogg,flac,mov,aac,amr,matroska,asf"


@dataclass(slots=True)
class Recording:
    """An opened recording; read it once."""

    channels: int
    _container: InputContainer
    _stream: AudioStream
    duration: float = 0.0
    """Seconds read so far."""
    is_damaged: bool = False
    """Reading broke off before the end of the file."""

    @classmethod
    def open(cls, file: BinaryIO) -> Recording:
        """Find the audio in a seekable file; raise UnreadableRecording where there is none."""
        if not file.read(1):
            raise UnreadableRecording("empty_file", "文件是空的")
        file.seek(0)
        try:
            container = av.open(file, mode="r", options={"format_whitelist": FORMATS})
        except (FFmpegError, ValueError, OSError) as reason:
            raise UnreadableRecording("not_audio", "无法识别的音频格式，或文件头已损坏") from reason
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            container.close()
            raise UnreadableRecording("no_audio_track", "文件中没有音频")
        channels = stream.channels if stream.codec_context.sample_rate else 0
        if not 1 <= channels <= MAX_CHANNELS:
            container.close()
            raise UnreadableRecording("unsupported_channels", f"只支持单声道或双声道录音，此文件有 {channels} 个声道")
        return cls(channels, container, stream)

    def blocks(self) -> Iterator[Samples]:
        """Yield `(channels, samples)` of about ten seconds, between -1 and 1, and close the file."""
        resampler = AudioResampler("fltp", "mono" if self.channels == 1 else "stereo", SAMPLE_RATE)
        waiting: list[Samples] = []
        for frame in self._frames():
            waiting += [_samples(resampled) for resampled in resampler.resample(frame)]
            if sum(part.shape[1] for part in waiting) >= BLOCK:
                yield self._counted(waiting)
                waiting = []
        if self.duration or waiting:
            waiting += [_samples(resampled) for resampled in resampler.resample(None)]
        if waiting:
            yield self._counted(waiting)
        if not self.duration:
            raise UnreadableRecording("no_samples", "录音里没有可播放的声音")

    def _frames(self) -> Iterator[AudioFrame]:
        with self._container:
            try:
                yield from self._container.decode(self._stream)
            except (FFmpegError, ValueError, OSError):
                self.is_damaged = True

    def _counted(self, parts: list[Samples]) -> Samples:
        block = np.concatenate(parts, axis=1)
        self.duration += block.shape[1] / SAMPLE_RATE
        return block


def _samples(frame: AudioFrame) -> Samples:
    # A damaged float file may hold values that are no numbers; they count as silence.
    samples = np.nan_to_num(frame.to_ndarray(), nan=0.0, posinf=1.0, neginf=-1.0)
    return np.clip(samples, -1.0, 1.0, dtype=np.float32)
