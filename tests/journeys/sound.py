"""Sound on a journey: a microphone that hums one note, an ear in the page, and the spectrum of a recording."""

from __future__ import annotations

import asyncio
import io
import math
import struct
import wave
from array import array
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import Page

HUMMED: Final = 440.0
"""What the agent's microphone hums, in hertz."""
SUPERVISED: Final = 1000.0
"""What the supervisor's microphone hums."""
COLLEAGUE: Final = 1250.0
"""What a colleague's microphone hums, where it matters who speaks; no overtone of another note."""
DEBTOR: Final = 700.0
"""What the rehearsal's test tone sounds like."""
NEAR: Final = 25.0

# Every peer connection of the page is kept, and what it plays goes through an analyser too.
LISTEN: Final = """(() => {
  const Native = window.RTCPeerConnection
  window.__heard = []
  window.RTCPeerConnection = function (...given) {
    const peer = new Native(...given)
    peer.addEventListener('track', (event) => {
      const context = new AudioContext()
      const analyser = context.createAnalyser()
      analyser.fftSize = 8192
      context.createMediaStreamSource(new MediaStream([event.track])).connect(analyser)
      window.__heard.push({ context, analyser, peer })
    })
    return peer
  }
  window.RTCPeerConnection.prototype = Native.prototype
})()"""

SPECTRUM: Final = """() => {
  const heard = window.__heard.findLast((one) => one.peer.connectionState === 'connected')
  if (!heard) return null
  const bins = new Float32Array(heard.analyser.frequencyBinCount)
  heard.analyser.getFloatFrequencyData(bins)
  const width = heard.context.sampleRate / heard.analyser.fftSize
  return [...bins].slice(0, Math.ceil(2000 / width)).map((level, place) => [place * width, level])
}"""

LOUD: Final = -62.0
"""Decibels under full scale: a hummed note is far above, line noise far below."""


def microphone(path: Path, hertz: float, seconds: float = 10.0, rate: int = 48_000) -> Path:
    """Write the sound a browser takes for its microphone, again and again."""
    turn = 2 * math.pi * hertz / rate
    samples = array("h", (int(12_000 * math.sin(turn * place)) for place in range(int(seconds * rate))))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


async def notes(page: Page) -> frozenset[float]:
    """Return which of the notes we know are heard in a page now."""
    spectrum = await page.evaluate(SPECTRUM)
    if spectrum is None:
        return frozenset()
    return frozenset(
        note
        for note in (HUMMED, COLLEAGUE, DEBTOR, SUPERVISED)
        if max((level for hertz, level in spectrum if abs(hertz - note) < NEAR), default=-200.0) > LOUD
    )


async def hears(page: Page, *expected: float, within: float = 15.0) -> None:
    """Wait until a page hears these notes and no other of ours; fail with what it hears instead."""
    heard: frozenset[float] = frozenset()
    for _ in range(int(within / 0.25)):
        heard = await notes(page)
        if heard == frozenset(expected):
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"heard {sorted(heard)} and not {sorted(expected)}")


def tracks(wav: bytes) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return the left and the right track of a recording, and its rate."""
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        frames = file.readframes(file.getnframes())
        both = np.frombuffer(frames, "<i2").astype(np.float64).reshape(-1, 2)
        return both[:, 0], both[:, 1], file.getframerate()


def seconds_of(track: NDArray[np.float64], rate: int, note: float) -> float:
    """Return for how many seconds of a track a note sounds."""
    step = rate // 4
    window = np.hanning(step)
    found = 0
    for start in range(0, len(track) - step, step):
        power = np.abs(np.fft.rfft(track[start : start + step] * window))
        hertz = np.fft.rfftfreq(step, 1 / rate)
        here = power[np.abs(hertz - note) < NEAR].max()
        # A note of ours stands out of everything else that is not one.
        found += here > 20 * np.median(power) and here > step * 40
    return found / 4


def is_wav(data: bytes) -> bool:
    """Tell whether these bytes are a sound file."""
    return len(data) > 44 and data[:4] == b"RIFF" and struct.unpack("<I", data[4:8])[0] > 36
