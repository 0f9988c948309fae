"""Why speech cannot be recognised here: said with a code for scripts and a Chinese sentence for people."""

from __future__ import annotations

from anmi.kit.errors import Unavailable


class SpeechUnavailable(Unavailable):
    """The speech port is off, incomplete or out of reach."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__("speech", message)
        self.code = code
        self.message = message
