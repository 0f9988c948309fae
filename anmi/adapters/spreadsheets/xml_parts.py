"""XML of strangers, fed piece by piece to expat: nothing is fetched, no entity is declared, no tree is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Final
from xml.parsers import expat

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.core.placement_sheet.reasons import FileReason

_CHUNK: Final = 1 << 16

Start = Callable[[str, dict[str, str]], None]


def _refuse_doctype(*_: object) -> None:
    # A workbook has no document type; whoever writes one wants entities expanded or files fetched.
    raise FileRefused(FileReason.FILE_CORRUPT, "含有不允许的 XML 声明")


def new_parser() -> expat.XMLParserType:
    """Return a parser that refuses document types."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    return parser


def feed(parser: expat.XMLParserType, part: IO[bytes]) -> Iterator[None]:
    """Feed a part to its end; hand over after each piece, so that the caller can take what has been found."""
    while chunk := part.read(_CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def each_start(part: IO[bytes], start: Start) -> None:
    """Call `start` with the local name and the attributes of every element."""
    parser = new_parser()

    def local(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = local
    for _ in feed(parser, part):
        pass


def attribute(attributes: dict[str, str], name: str) -> str | None:
    """Return an attribute whatever its namespace prefix."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if key.endswith(":" + name)), None)
