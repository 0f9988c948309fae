"""Opens a stranger's file in a child process with a cap on memory and time, and gives its rows as they come."""

from __future__ import annotations

import os
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.adapters.spreadsheets.wire import END, READY, decode, encode
from anmi.core.placement_sheet.cells import Cell, Row, Sheet
from anmi.core.placement_sheet.reasons import FileReason, Notice

_MEBIBYTE: Final = 1 << 20
# Only a machine that is overloaded makes an honest child wait.
_PATIENCE_SECONDS: Final = 20
_PACKAGE_ROOT: Final = Path(__file__).resolve().parents[3]
_READ_AT_ONCE: Final = 1 << 18


class ReaderCannotStart(Exception):
    """The child that reads spreadsheets cannot start; that is the fault of this installation, not of the file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use, by the size of its file: a small file that needs much is a hostile one."""

    most_file_bytes: int
    memory_bytes: int
    seconds: int

    @classmethod
    def of(cls, extension: str, file_bytes: int) -> Limits:
        """Return the limits for a file of this size."""
        mebibytes = file_bytes / _MEBIBYTE
        if extension in (".xlsx", ".xls", ".et"):
            memory = min(160 + 12 * mebibytes, 640)
            return cls(300 * _MEBIBYTE, int(memory) * _MEBIBYTE, int(3 + 2 * mebibytes))
        return cls(2048 * _MEBIBYTE, 160 * _MEBIBYTE, int(3 + mebibytes / 2))


class SpreadsheetFile:
    """An opened spreadsheet. Use it as a context; leaving it ends the child."""

    def __init__(self, path: Path) -> None:
        """Open a file; raise FileRefused when it is no readable spreadsheet, FileNotFoundError when there is none."""
        extension = path.suffix.lower()
        descriptor = _open_regular(path)
        try:
            size = os.fstat(descriptor).st_size
            self._limits = Limits.of(extension, size)
            if size > self._limits.most_file_bytes:
                raise FileRefused(FileReason.FILE_TOO_LARGE)
            try:
                self._child = _start(descriptor, extension, self._limits)
            except OSError as fault:
                raise ReaderCannotStart(str(fault)) from fault
        finally:
            os.close(descriptor)
        self._lines = self._read_lines()
        try:
            self._read_previews()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, sheet: int) -> Iterator[Row]:
        """Yield all rows of one sheet, once; raise FileRefused where the file breaks."""
        commands = self._child.stdin
        if commands is None:
            raise ValueError("the child has no ears")
        try:
            commands.write(f"{sheet}\n".encode())
            commands.close()
        except BrokenPipeError:
            raise self._end_of_child() from None
        while (message := self._next()) != END:
            for number, cells in cast("list[tuple[int, list[Cell]]]", message):
                yield Row(number, cells)

    @property
    def process_id(self) -> int:
        """Return the number of the child process."""
        return self._child.pid

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()

    def _read_previews(self) -> None:
        if next(self._lines, None) != encode(READY).strip():
            raise ReaderCannotStart(self._child.wait())
        said = cast("dict[str, list[dict[str, object]]]", self._next())
        counts_from_1904 = bool(said["counts_from_1904"])
        self.sheets: Sequence[Sheet] = [
            Sheet(
                name=str(sheet["name"]),
                rows=[Row(number, cells) for number, cells in cast("list[tuple[int, list[Cell]]]", sheet["rows"])],
                is_hidden=bool(sheet["hidden"]),
                counts_from_1904=counts_from_1904,
            )
            for sheet in said["sheets"]
        ]
        self.notices: Sequence[Notice] = [Notice(str(word)) for word in said["notices"]]

    def _next(self) -> object:
        line = next(self._lines, None)
        if line is None:
            raise self._end_of_child()
        try:
            message = decode(line)
        except ValueError:
            raise FileRefused(FileReason.FILE_CORRUPT) from None
        match message:
            case {"refused": str() as reason, "about": str() as about}:
                raise FileRefused(FileReason(reason), about)
            case _:
                return message

    def _read_lines(self) -> Iterator[bytes]:
        """Yield whole lines. A child that works is ended by its own limit; one that is stuck, by our patience."""
        output = self._child.stdout
        if output is None:
            return
        kept: list[bytes] = []
        while True:
            ready, _, _ = select.select([output], [], [], _PATIENCE_SECONDS + self._limits.seconds)
            if not ready:
                raise FileRefused(FileReason.FILE_TOO_LARGE, "读取超过时限")
            piece = os.read(output.fileno(), _READ_AT_ONCE)
            if not piece:
                return
            *whole, rest = piece.split(b"\n")
            for line in whole:
                yield b"".join((*kept, line))
                kept.clear()
            kept.append(rest)

    def _end_of_child(self) -> FileRefused:
        match self._child.wait():
            case code if code in (-signal.SIGXCPU, -signal.SIGKILL):
                return FileRefused(FileReason.FILE_TOO_LARGE, "读取超过时限")
            case 0:
                return FileRefused(FileReason.FILE_CORRUPT)
            case code if code < 0:
                return FileRefused(FileReason.FILE_CORRUPT, "读取时出错")
            case _:
                # It could not even say what is wrong: there was no memory left for it.
                return FileRefused(FileReason.FILE_TOO_LARGE, "读取所需内存超出限度")


def _open_regular(path: Path) -> int:
    """Open a regular file and nothing else; a pipe or a device would make us wait for ever."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise
    except ValueError:
        # No file has such a name.
        raise FileNotFoundError(path) from None
    except OSError as refusal:
        raise FileRefused(FileReason.FILE_CORRUPT, "无法打开文件") from refusal
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise FileRefused(FileReason.FILE_TYPE_MISMATCH, "不是普通文件")


def _start(descriptor: int, extension: str, limits: Limits) -> subprocess.Popen[bytes]:
    # It inherits no secret: of our environment it is given where to find the code that we run ourselves.
    places = [str(_PACKAGE_ROOT), *(place for place in sys.path if Path(place).is_absolute())]
    environment = {"PYTHONPATH": os.pathsep.join(places), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"}
    return subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "anmi.adapters.spreadsheets.child",
            str(descriptor),
            extension,
            str(limits.memory_bytes),
            str(limits.seconds),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        env=environment,
        cwd="/",
    )
