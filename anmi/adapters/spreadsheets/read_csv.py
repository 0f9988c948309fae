"""Text files with a separator: any usual encoding, quoted line breaks, and quotes that somebody forgot to close."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from anmi.adapters.spreadsheets.document import MOST_COLUMNS, FileRefused, NumberedCells, SheetHead
from anmi.adapters.spreadsheets.sniff import wide_encoding
from anmi.core.placement_sheet.reasons import FileReason, Notice

# A text file has no limit of its own; ours is twice what one import is made for.
MOST_LINES: Final = 2_000_000
_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_SEPARATORS: Final = (",", ";", "|", "，", "；")
# Programs put a tab beside a long number so that Excel leaves it alone.
_TAB_THAT_FORCES_TEXT: Final = re.compile(r"\t+(?=[,;|]|$)|(?<=[,;|])\t+|^\t+")
# A cell of a spreadsheet holds at most 32,767 characters, whatever number of lines.
_LONGEST_CELL: Final = 32_767
_MOST_LINES_IN_CELL: Final = 500


class CsvDocument:
    """One text file as one sheet."""

    sheets: Sequence[SheetHead] = (SheetHead(""),)
    counts_from_1904 = False

    def __init__(self, file: BinaryIO) -> None:
        csv.field_size_limit(_LONGEST_CELL * 4)
        self._file = file
        self._encoding, self._begins_at, is_damaged = _encoding_of(file)
        self.notices: Sequence[Notice] = (Notice.ENCODING_DAMAGED,) if is_damaged else ()
        sample = self._text().read(_SAMPLE).splitlines()
        # Excel hides this line: the next one is its first row.
        self._directive = sample[0].strip() if sample and sample[0].strip().lower().startswith("sep=") else None
        if self._directive and len(self._directive) == 5:
            self._separator = self._directive[4]
        else:
            self._separator = _separator_of(sample)
        self._width = _usual_width(sample, self._separator)

    def rows(self, sheet: int) -> Iterator[NumberedCells]:
        """Yield every record, blank ones too, counted as a spreadsheet would count them."""
        lines = iter(self._text())
        if self._directive is not None:
            next(lines, None)
        for number, cells in enumerate(self._records(lines), start=1):
            if number > MOST_LINES:
                raise FileRefused(FileReason.FILE_TOO_LARGE, f"超过 {MOST_LINES} 行")
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(FileReason.FILE_TOO_LARGE, f"超过 {MOST_COLUMNS} 列")
            yield number, cells

    def _text(self) -> io.TextIOWrapper:
        self._file.seek(self._begins_at)
        # The file itself stays open when this wrapper goes.
        raw = io.FileIO(self._file.fileno(), closefd=False)
        return io.TextIOWrapper(io.BufferedReader(raw, _CHUNK), encoding=self._encoding, errors="replace", newline="")

    def _records(self, lines: Iterator[str]) -> Iterator[list[str]]:
        separator = self._separator
        pushed_back: deque[str] = deque()

        def following() -> str | None:
            return pushed_back.popleft() if pushed_back else next(lines, None)

        while (line := following()) is not None:
            if '"' not in line:
                yield line.rstrip("\r\n").split(separator)
                continue
            parts = [line]
            quotes, length = line.count('"'), len(line)
            while quotes % 2 and len(parts) <= _MOST_LINES_IN_CELL and length <= _LONGEST_CELL * 2:
                if (more := following()) is None:
                    break
                parts.append(more)
                quotes, length = quotes + more.count('"'), length + len(more)
            if quotes % 2 or self._are_records(parts):
                # A quote was opened and never closed: it spoils its own line, not those below.
                pushed_back.extendleft(reversed(parts[1:]))
                yield [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]
            else:
                yield from _parse(parts, separator)

    def _are_records(self, parts: Sequence[str]) -> bool:
        return (
            len(parts) > 1 and self._width > 1 and all(part.count(self._separator) >= self._width - 1 for part in parts)
        )


def _parse(parts: Sequence[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(parts, delimiter=separator))
    except csv.Error:
        return [part.rstrip("\r\n").split(separator) for part in parts]


def _encoding_of(file: BinaryIO) -> tuple[str, int, bool]:
    """Return the encoding of the whole file, the byte where its text begins, and whether some of it does not decode."""
    head = file.read(_SAMPLE)
    if wide := wide_encoding(head):
        return wide, 0, False
    # A byte order mark may stand in front or not.
    if _decodes(file, "utf-8"):
        return "utf-8-sig", 0, False
    # Where the beginning is UTF-8 and not plain ASCII, the file is UTF-8 and something in it is broken.
    if not head.isascii() and _begins_as_utf8(head):
        return "utf-8-sig", 0, True
    # GB 18030 contains GBK and GB 2312. Some programs put the mark of UTF-8 in front of it all the same.
    mark = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if _decodes(file, "gb18030", mark):
        return "gb18030", mark, False
    utf8, gb18030 = (head[mark:].decode(each, errors="replace").count("\ufffd") for each in ("utf-8", "gb18030"))
    return ("utf-8-sig", 0, True) if utf8 < gb18030 else ("gb18030", mark, True)


def _begins_as_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(file: BinaryIO, encoding: str, begins_at: int = 0) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(begins_at)
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator_of(sample: Sequence[str]) -> str:
    """Return the separator that cuts most lines into the same, and the largest, number of cells."""
    lines = [_unquoted(line) for line in sample if line.strip()]
    # A tab is hardly ever text, while an amount may have more commas than the sheet has columns.
    if 2 * sum("\t" in _TAB_THAT_FORCES_TEXT.sub("", line) for line in lines) > len(lines):
        return "\t"
    best, most = ",", 0
    for separator in _SEPARATORS:
        counts = Counter(count for line in lines if (count := line.count(separator)))
        worth = max((count * times for count, times in counts.items()), default=0)
        if worth > most:
            best, most = separator, worth
    return best


def _usual_width(sample: Sequence[str], separator: str) -> int:
    counts = Counter(_unquoted(line).count(separator) + 1 for line in sample if line.strip())
    # Of two widths that are as usual, the larger: a line that goes on in the next one looks narrow.
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[0::2])
