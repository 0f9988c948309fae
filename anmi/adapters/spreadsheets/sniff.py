"""What a file really is, whatever its name says: decided by its first bytes and, for a container, by what is inside."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from typing import BinaryIO, Final

import olefile

from anmi.adapters.spreadsheets.document import FileRefused
from anmi.core.placement_sheet.reasons import FileReason


class Kind(StrEnum):
    """The three forms that we read."""

    XLSX = "xlsx"
    XLS = "xls"
    TEXT = "text"


# No extension says nothing, so it contradicts nothing.
_EXPECTED: Final = {
    ".xlsx": Kind.XLSX,
    ".xls": Kind.XLS,
    ".et": Kind.XLS,
    ".csv": Kind.TEXT,
    ".txt": Kind.TEXT,
    ".tsv": Kind.TEXT,
    ".tab": Kind.TEXT,
}
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# BIFF 2, 3 and 4 have no container: they start with their first record.
_BARE_BIFF: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_STRANGERS: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"\x1f\x8b": "压缩文件",
    b"7z\xbc\xaf": "压缩文件",
    b"Rar!": "压缩文件",
    b"BZh": "压缩文件",
    b"\xfd7zXZ": "压缩文件",
    b"\x28\xb5\x2f\xfd": "压缩文件",
    b"\x7fELF": "程序",
    b"MZ": "程序",
    b"SQLite format 3": "数据库",
    b"{\\rtf": "RTF 文档",
    b"PAR1": "Parquet",
    b"MIME-Version:": "网页",
}
_STRANGERS_IN_OLE: Final = {
    "worddocument": "Word 文档",
    "powerpoint document": "演示文稿",
    "visiodocument": "Visio 图",
    "__properties_version1.0": "邮件",
}
_MARKUP: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?P<tag>!doctype|html|head|body|table|\?xml|meta|style|script|workbook)\b",
    re.IGNORECASE | re.DOTALL,
)
_BYTE_ORDER_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT: Final = 65536
# Tab, line feed, form feed, carriage return and end of file (which DOS writes) are text.
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


def kind_of(file: BinaryIO, extension: str) -> Kind:
    """Return what the file is, if that is what its extension says; raise FileRefused otherwise."""
    head = file.read(_LOOKED_AT)
    file.seek(0)
    if not head:
        raise FileRefused(FileReason.FILE_EMPTY)
    expected = _expected(extension)
    kind = _kind(file, head)
    file.seek(0)
    if expected and kind is not expected:
        raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"扩展名是 {extension}，内容是 {_SPOKEN[kind]}")
    return kind


_SPOKEN: Final = {Kind.XLSX: "xlsx 工作簿", Kind.XLS: "xls 工作簿", Kind.TEXT: "文本"}


def _expected(extension: str) -> Kind | None:
    if not extension:
        return None
    if extension not in _EXPECTED:
        raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"不支持 {extension[:16]} 文件，请另存为 xlsx、xls 或 csv")
    return _EXPECTED[extension]


def _kind(file: BinaryIO, head: bytes) -> Kind:
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return Kind.XLSX
    if head.startswith(_OLE):
        return _kind_in_ole(file)
    if head.startswith(_BARE_BIFF):
        return Kind.XLS
    if stranger := next((name for magic, name in _STRANGERS.items() if head.startswith(magic)), None):
        raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"内容是{stranger}")
    if markup := _MARKUP.match(_without_mark(head)):
        what = "XML" if markup["tag"].lower() in (b"?xml", b"workbook") else "网页（HTML）"
        raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"内容是{what}，请用表格软件另存")
    if is_text(head):
        return Kind.TEXT
    raise FileRefused(FileReason.FILE_CORRUPT, "内容不是表格，也不是文本")


def is_text(head: bytes) -> bool:
    """Say whether bytes are text in some encoding: almost no control characters, or every second byte is zero."""
    if wide_encoding(head):
        return True
    return len(_CONTROLS.findall(head)) * 100 < len(head)


def wide_encoding(head: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 the bytes are, by their mark or by where their zeros are; None for neither."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    # Chinese has no zeros, but commas, digits and line ends do.
    if odd * 5 > half and even * 50 < half:
        return "utf-16-le"
    if even * 5 > half and odd * 50 < half:
        return "utf-16-be"
    return None


def _without_mark(head: bytes) -> bytes:
    if wide := wide_encoding(head):
        return head.decode(wide, errors="ignore").lstrip("\ufeff").encode("utf-8", errors="ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _kind_in_ole(file: BinaryIO) -> Kind:
    try:
        with olefile.OleFileIO(file) as container:
            streams = {"/".join(path).lower() for path in container.listdir(streams=True, storages=True)}
    except Exception as broken:  # olefile fails in many ways on a damaged container
        raise FileRefused(FileReason.FILE_CORRUPT) from broken
    if "encryptedpackage" in streams:
        raise FileRefused(FileReason.FILE_ENCRYPTED)
    if "workbook" in streams or "book" in streams:
        return Kind.XLS
    if stranger := next((what for stream, what in _STRANGERS_IN_OLE.items() if stream in streams), None):
        raise FileRefused(FileReason.FILE_TYPE_MISMATCH, f"内容是{stranger}")
    raise FileRefused(FileReason.FILE_CORRUPT)
