"""The child process that reads a stranger's file. It has the open file, two pipes, little memory and little time.

It is given no path and opens none; what it finds it says in lines (see wire).
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Final

from anmi.adapters.spreadsheets.document import Document, FileRefused, NumberedCells
from anmi.adapters.spreadsheets.sniff import Kind, kind_of
from anmi.adapters.spreadsheets.wire import END, READY, decode, encode
from anmi.core.placement_sheet.header import HEADER_WITHIN
from anmi.core.placement_sheet.reasons import FileReason

_MOST_SHEETS: Final = 256
_ROWS_AT_ONCE: Final = 500
# One row of 16,384 short cells is fair; a row of many megabytes is not.
_LONGEST_MESSAGE: Final = 16 << 20


def main(arguments: list[str]) -> None:
    """Read the file of which the number, the extension and the limits are given."""
    descriptor, extension, most_bytes, most_seconds = arguments
    _confine(int(most_bytes), int(most_seconds))
    _say(READY)
    with os.fdopen(int(descriptor), "rb") as file:
        try:
            _serve(file, extension)
        except FileRefused as refused:
            _refuse(refused.reason, refused.about)
        except (MemoryError, RecursionError):
            _refuse(FileReason.FILE_TOO_LARGE, "读取所需内存超出限度")
        except Exception:
            # A file of a stranger breaks a reader in more ways than can be named; here is where it ends.
            _refuse(FileReason.FILE_CORRUPT, "")


def _confine(most_bytes: int, most_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))
    # It writes no file, leaves no core, and starts nothing.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _serve(file: BinaryIO, extension: str) -> None:
    document = _open(file, extension)
    previews = [
        {"name": head.name, "hidden": head.is_hidden, "rows": [] if head.is_hidden else _preview(document, index)}
        for index, head in enumerate(document.sheets[:_MOST_SHEETS])
    ]
    _say({"sheets": previews, "counts_from_1904": document.counts_from_1904, "notices": list(document.notices)})
    match decode(sys.stdin.buffer.readline() or b"null"):
        case int() as chosen:
            rows = document.rows(chosen)
            while some := list(islice(rows, _ROWS_AT_ONCE)):
                _say(some)
            _say(END)
        case _:
            return


def _open(file: BinaryIO, extension: str) -> Document:
    # A reader is loaded when it is needed: a csv file does not pay for the others.
    match kind_of(file, extension):
        case Kind.XLSX:
            from anmi.adapters.spreadsheets.read_xlsx import XlsxDocument  # noqa: PLC0415

            return XlsxDocument(file)
        case Kind.XLS:
            from anmi.adapters.spreadsheets.read_xls import XlsDocument  # noqa: PLC0415

            return XlsDocument(file)
        case Kind.TEXT:
            from anmi.adapters.spreadsheets.read_csv import CsvDocument  # noqa: PLC0415

            return CsvDocument(file)


def _preview(document: Document, sheet: int) -> list[NumberedCells]:
    return list(islice(_written(document.rows(sheet)), HEADER_WITHIN))


def _written(rows: Iterator[NumberedCells]) -> Iterator[NumberedCells]:
    for number, cells in rows:
        if any(cell is not None and not (isinstance(cell, str) and not cell.strip()) for cell in cells):
            yield number, cells


def _say(message: object) -> None:
    line = encode(message)
    if len(line) > _LONGEST_MESSAGE:
        raise FileRefused(FileReason.FILE_TOO_LARGE, "单行内容过长")
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


def _refuse(reason: FileReason, about: str) -> None:
    sys.stdout.buffer.write(encode({"refused": reason, "about": about}))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
