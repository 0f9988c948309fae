"""Uploads: a multipart form read as it arrives; its file is handed on piece by piece and kept nowhere in between."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from anmi.kit.errors import Invalid

_MOST_FIELDS: Final = 20
_LONGEST_FIELD: Final = 4096


class BadUpload(Invalid):
    """The form is not one, or brings no file, or broke off."""

    code = "BAD_UPLOAD"
    zh, en = "上传的表单不完整，请重新上传", "The upload is not complete; please send it again"


@dataclass(slots=True)
class Upload:
    """What came with a form: its fields, and what is known of its one file."""

    fields: dict[str, str] = field(default_factory=dict[str, str])
    file_name: str | None = None
    size: int = 0
    sha256: bytes = b""


async def receive(request: Request, write: Callable[[bytes], None]) -> Upload:
    """Read a form to its end; hand its file on in pieces; raise BadUpload where it is not as it should be."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadUpload
    form = _Form(write)
    try:
        parser = MultipartParser(boundary, form.callbacks())  # type: ignore[arg-type] - its callbacks are a TypedDict
        async for piece in _pieces(request):
            parser.write(piece)
        parser.finalize()
    except (MultipartParseError, ClientDisconnect, UnicodeDecodeError):
        raise BadUpload from None
    if form.upload.file_name is None or not form.is_whole:
        raise BadUpload
    form.upload.sha256 = form.digest.digest()
    return form.upload


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        if piece:
            yield piece


class _Form:
    """What the parser tells of a form, part by part."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.upload = Upload()
        self.digest = hashlib.sha256()
        self.is_whole = False
        self._write = write
        self._header, self._value = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._name, self._text, self._is_file = "", bytearray(), False

    def callbacks(self) -> dict[str, Any]:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._take,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def _begin(self) -> None:
        self._headers, self._text, self._is_file = {}, bytearray(), False

    def _end_header(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode()
        if b"filename" not in options:
            return
        if self.upload.file_name is not None:
            raise BadUpload  # One form, one file.
        self._is_file = True
        self.upload.file_name = options[b"filename"].decode()

    def _take(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if self._is_file:
            self.upload.size += len(piece)
            self.digest.update(piece)
            self._write(piece)
            return
        self._text += piece
        if len(self._text) > _LONGEST_FIELD or len(self.upload.fields) > _MOST_FIELDS:
            raise BadUpload

    def _end(self) -> None:
        if not self._is_file:
            self.upload.fields[self._name] = self._text.decode()

    def _finish(self) -> None:
        self.is_whole = True
