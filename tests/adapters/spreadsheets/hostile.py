"""Files that should not be believed: damaged, disguised, oversized. Each is made anew; none is kept."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable
from typing import Final

import openpyxl
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile

from anmi.core.placement_sheet.reasons import FileReason

Make = Callable[[], bytes]
HEADER: Final = ["个案序列号", "委案日期", "委案金额", "姓名", "证件号", "本人手机", "联系方式来源"]
ROW: Final = ["C1", "2026-03-05", "3200.50", "测试甲", "11010119900307001X", "13800138000", "合同约定"]

NAMESPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def good_xlsx() -> bytes:
    """Return an honest workbook, to be damaged."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *[ROW] * 200):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def good_xls() -> bytes:
    """Return an honest workbook of before 2007, to be damaged."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("委案")
    for number, row in enumerate((HEADER, *[ROW] * 200)):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes, base: bytes | None = None, flags: int = 0) -> bytes:
    """Return a workbook in which one part is replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(base or good_xlsx())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    raw = out.getvalue()
    if not flags:
        return raw
    # Set general purpose bits in the central directory and in the local headers.
    changed = bytearray(raw)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<H", changed, at + offset, flags)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def sheet_xml(rows: str) -> bytes:
    """Return a worksheet around these rows."""
    return f'<?xml version="1.0"?><worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()


SHEET: Final = "xl/worksheets/sheet1.xml"


def bomb(megabytes: int, name: str = SHEET) -> bytes:
    """Return a workbook with a part that unpacks a thousand times as large."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good_xlsx())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        with new.open(name, "w", force_zip64=True) as stream:
            stream.write(f'<?xml version="1.0"?><worksheet xmlns="{NAMESPACE}"><sheetData>'.encode())
            spaces = b" " * (1 << 20)
            for _ in range(megabytes):
                stream.write(spaces)
            stream.write(b"</sheetData></worksheet>")
    return out.getvalue()


def billion_laughs() -> bytes:
    """Return a workbook whose sheet declares entities that grow."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return with_part(
        SHEET,
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "哈哈哈哈哈">{entities}]>'
        f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
        "</sheetData></worksheet>".encode(),
    )


def external_entity() -> bytes:
    """Return a workbook whose strings ask for a file of the machine."""
    return with_part(
        "xl/sharedStrings.xml",
        b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<sst xmlns="%s"><si><t>&x;</t></si></sst>' % NAMESPACE.encode(),
    )


def encrypted_xlsx() -> bytes:
    """Return a workbook behind a password."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(good_xlsx())).encrypt("geheim", out)
    return out.getvalue()


def encrypted_xls() -> bytes:
    """Return an old workbook with the record that says it is encrypted."""
    raw = bytearray(good_xls())
    # The first record after BOF becomes FILEPASS.
    at = raw.find(b"\x09\x08\x10\x00")
    size = struct.unpack_from("<H", raw, at + 2)[0]
    struct.pack_into("<H", raw, at + 4 + size, 0x2F)
    return bytes(raw)


def nested_deep() -> bytes:
    """Return a sheet of elements within elements."""
    return with_part(SHEET, sheet_xml("<row>" + "<c>" * 300_000 + "</c>" * 300_000 + "</row>"))


def million_columns() -> bytes:
    """Return a text of one million columns."""
    return b",".join(b"x" for _ in range(1_000_000)) + b"\n" + b"," * 999_999 + b"\n"


def random_bytes(seed: int = 1, length: int = 4096) -> bytes:
    """Return noise."""
    return random.Random(seed).randbytes(length)


def flipped(raw: bytes) -> bytes:
    """Return the bytes with some in the middle turned over."""
    changed = bytearray(raw)
    middle = len(changed) // 2
    for at in range(middle, middle + 64):
        changed[at] ^= 0xFF
    return bytes(changed)


def sparse_rows() -> bytes:
    """Return a sheet where each row writes only its last column."""
    return with_part(
        SHEET, sheet_xml("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 60_000)))
    )


def lying_size() -> bytes:
    """Return a workbook whose directory promises a small sheet where a large one follows."""
    raw = bytearray(with_part(SHEET, sheet_xml("<row/>" * 500_000)))
    name = SHEET.encode()
    at = raw.rfind(name) - 46
    struct.pack_into("<I", raw, at + 24, 100)
    return bytes(raw)


def open_document() -> bytes:
    """Return a spreadsheet of another family under this name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        new.writestr("content.xml", "<office:document-content/>")
    return out.getvalue()


def plain_zip() -> bytes:
    """Return a zip of other things."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        new.writestr("readme.txt", "hello")
    return out.getvalue()


def workbook_reference(target: str) -> bytes:
    """Return a workbook whose first sheet is said to lie elsewhere."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return with_part(
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="{target}"/></Relationships>'.encode(),
    )


def many_parts() -> bytes:
    """Return a container of very many parts."""
    out = io.BytesIO(good_xlsx())
    with zipfile.ZipFile(out, "a") as new:
        for number in range(10_001):
            new.writestr(f"x/{number}", b"")
    return out.getvalue()


def with_rows(rows: str) -> bytes:
    """Return a workbook whose sheet holds these rows."""
    return with_part(SHEET, sheet_xml(rows))


_HTML: Final = "<html><body><table><tr><td>个案序列号</td></tr></table></body></html>".encode()
_XML_2003: Final = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
_CSV: Final = (",".join(HEADER) + "\n" + ",".join(ROW) + "\n").encode()
_MISMATCH, _CORRUPT = FileReason.FILE_TYPE_MISMATCH, FileReason.FILE_CORRUPT
_EMPTY, _LARGE, _ENCRYPTED = FileReason.FILE_EMPTY, FileReason.FILE_TOO_LARGE, FileReason.FILE_ENCRYPTED

# What it is, the name it goes by, how it is made, why it is refused.
FILES: Final[tuple[tuple[str, str, Make, FileReason], ...]] = (
    ("no byte", "a.xlsx", lambda: b"", _EMPTY),
    ("no byte as text", "a.csv", lambda: b"", _EMPTY),
    ("only a byte order mark", "a.csv", lambda: b"\xef\xbb\xbf", _EMPTY),
    ("only line ends", "a.csv", lambda: b"\r\n\r\n   \r\n,,,\r\n", _EMPTY),
    ("a workbook without cells", "a.xlsx", lambda: with_rows(""), _EMPTY),
    ("a workbook cut in half", "a.xlsx", lambda: good_xlsx()[:3000], _CORRUPT),
    ("a workbook without its last bytes", "a.xlsx", lambda: good_xlsx()[:-30], _CORRUPT),
    ("a workbook with turned bytes", "a.xlsx", lambda: flipped(good_xlsx()), _CORRUPT),
    ("an old workbook cut in half", "a.xls", lambda: good_xls()[:9000], _CORRUPT),
    ("noise as workbook", "a.xlsx", random_bytes, _CORRUPT),
    ("noise as old workbook", "a.xls", random_bytes, _CORRUPT),
    ("noise as text", "a.csv", random_bytes, _CORRUPT),
    ("zeros", "a.csv", lambda: bytes(5000), _CORRUPT),
    ("the mark of an old workbook and noise", "a.xls", lambda: good_xls()[:8] + random_bytes(), _CORRUPT),
    ("a workbook behind a password", "a.xlsx", encrypted_xlsx, _ENCRYPTED),
    ("a workbook behind a password, renamed", "a.xls", encrypted_xlsx, _ENCRYPTED),
    ("an old workbook behind a password", "a.xls", encrypted_xls, _ENCRYPTED),
    ("a zip with encrypted parts", "a.xlsx", lambda: with_part("x.txt", b"x", flags=1), _ENCRYPTED),
    ("a workbook named old", "a.xls", good_xlsx, _MISMATCH),
    ("an old workbook named new", "a.xlsx", good_xls, _MISMATCH),
    ("a workbook named text", "a.csv", good_xlsx, _MISMATCH),
    ("text named workbook", "a.xlsx", lambda: _CSV, _MISMATCH),
    ("text named old workbook", "a.xls", lambda: _CSV, _MISMATCH),
    ("a web page named old workbook", "a.xls", lambda: _HTML, _MISMATCH),
    ("a web page named text", "a.csv", lambda: b"\xef\xbb\xbf\n " + _HTML, _MISMATCH),
    ("an XML workbook of 2003", "a.xls", lambda: _XML_2003, _MISMATCH),
    ("a PDF", "a.xlsx", lambda: b"%PDF-1.7\n", _MISMATCH),
    ("a picture", "a.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), _MISMATCH),
    ("a packed text", "a.csv", lambda: gzip.compress(_CSV), _MISMATCH),
    ("a program", "a.xls", lambda: b"MZ\x90\x00" + bytes(300), _MISMATCH),
    ("a zip of other things", "a.xlsx", plain_zip, _MISMATCH),
    ("a spreadsheet of another family", "a.xlsx", open_document, _MISMATCH),
    ("a workbook with macros", "a.xlsx", lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf"), _MISMATCH),
    ("a workbook that says it has macros", "a.xlsm", good_xlsx, _MISMATCH),
    ("an unknown kind", "a.exe", lambda: _CSV, _MISMATCH),
    ("a bomb in the sheet", "a.xlsx", lambda: bomb(300), _LARGE),
    ("a bomb in the strings", "a.xlsx", lambda: bomb(100, "xl/sharedStrings.xml"), _LARGE),
    ("a bomb where nobody reads", "a.xlsx", lambda: bomb(100, "xl/media/image1.png"), _LARGE),
    ("a billion laughs", "a.xlsx", billion_laughs, _CORRUPT),
    ("an entity of the machine", "a.xlsx", external_entity, _CORRUPT),
    ("a path out of the container", "a.xlsx", lambda: with_part("../../evil.xml", b"x"), _CORRUPT),
    ("an absolute path", "a.xlsx", lambda: with_part("/etc/passwd", b"x"), _CORRUPT),
    ("two parts of one name", "a.xlsx", lambda: with_part("XL/workbook.xml", b"<workbook/>"), _CORRUPT),
    ("a sheet that lies elsewhere", "a.xlsx", lambda: workbook_reference("../../../etc/passwd"), _CORRUPT),
    ("a size that lies", "a.xlsx", lying_size, _CORRUPT),
    ("XML that does not end", "a.xlsx", lambda: with_part(SHEET, sheet_xml("<row>")[:-20]), _CORRUPT),
    ("a string that is not there", "a.xlsx", lambda: with_rows('<row><c t="s"><v>99999</v></c></row>'), _CORRUPT),
    ("a row beyond the last", "a.xlsx", lambda: with_rows('<row r="9999999999"><c><v>1</v></c></row>'), _CORRUPT),
    ("a column beyond the last", "a.xlsx", lambda: with_rows('<row r="1"><c r="BDWGN1"><v>1</v></c></row>'), _LARGE),
    ("too many cells in a row", "a.xlsx", lambda: with_rows("<row>" + "<c><v>1</v></c>" * 100_000), _LARGE),
    ("elements within elements", "a.xlsx", nested_deep, _LARGE),
    ("ten thousand parts and more", "a.xlsx", many_parts, _LARGE),
    ("nothing but quotes", "a.csv", lambda: b'"' * (50 << 20), _LARGE),
    ("rows that write only their last column", "a.xlsx", sparse_rows, _LARGE),
    ("a text of a million columns", "a.csv", million_columns, _LARGE),
    ("a line without end", "a.csv", lambda: b"a,b\n" + b"x" * (200 << 20), _LARGE),
    ("three million blank lines", "a.csv", lambda: b"\n" * 3_000_000, _LARGE),
)  # fmt: skip
