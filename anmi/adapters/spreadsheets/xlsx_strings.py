"""The shared strings of a workbook, kept as one run of bytes: a million names are not a million objects."""

from __future__ import annotations

import re
from array import array
from typing import IO, Final

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.adapters.spreadsheets.xml_parts import feed, new_parser
from anmi.core.placement_sheet.reasons import FileReason

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Strings by number."""

    __slots__ = ("_bytes", "_ends")

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def append(self, text: str) -> None:
        """Add the next string."""
        self._bytes += text.encode("utf-8")
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise FileRefused(FileReason.FILE_CORRUPT, "共享字符串表不完整")
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode("utf-8")


def unescaped(text: str) -> str:
    """Undo `_x000D_`, which stands for a character that XML cannot hold; halves of surrogate pairs are left out."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)), text)


def _character(code: int) -> str:
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)


def read_shared_strings(part: IO[bytes], strings: SharedStrings) -> None:
    """Read all strings; the phonetic reading beside a string is not part of it."""
    texts: list[str] = []
    is_text = is_phonetic = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal is_text, is_phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            is_text = not is_phonetic
        elif local == "si":
            texts.clear()
        elif local == "rPh":
            is_phonetic = True

    def characters(text: str) -> None:
        if is_text:
            texts.append(text)

    def end(name: str) -> None:
        nonlocal is_text, is_phonetic
        local = name.rpartition(":")[2]
        if local == "t":
            is_text = False
        elif local == "si":
            strings.append(unescaped("".join(texts)))
        elif local == "rPh":
            is_phonetic = False

    parser = new_parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = characters
    parser.EndElementHandler = end
    for _ in feed(parser, part):
        pass
