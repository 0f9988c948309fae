"""Text files as agencies save them: encodings, separators, quotes and row numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
from anmi.core.placement_sheet.reasons import Notice
from tests.adapters.spreadsheets.reading import rows_of

TEXT = "个案序列号,姓名,委案金额\r\nC1,张三,100\r\nC2,𠮷野,200\r\n"


def write(tmp_path: Path, content: str | bytes, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        b"\xef\xbb\xbf" + TEXT.encode("gb18030"),
        TEXT.encode("utf-32"),
        b"\x00\x00\xfe\xff" + TEXT.encode("utf-32-be"),
        (TEXT * 20).encode("utf-16-le"),
        (TEXT * 20).encode("utf-16-be"),
    ],
    ids=[
        "utf-8",
        "utf-8 with mark",
        "gb18030",
        "utf-16",
        "utf-16 be with mark",
        "gb18030 with the mark of utf-8",
        "utf-32",
        "utf-32 be with mark",
        "utf-16 le bare",
        "utf-16 be bare",
    ],
)
def test_every_usual_encoding_is_read(tmp_path: Path, raw: bytes) -> None:
    rows = rows_of(write(tmp_path, raw))

    assert rows[1] == ["个案序列号", "姓名", "委案金额"]
    assert rows[3] == ["C2", "𠮷野", "200"]


def test_gbk_far_below_plain_letters_is_still_gbk(tmp_path: Path) -> None:
    raw = b"case,name\n" + b"C1,SMITH\n" * 20_000 + "C2,张三\n".encode("gbk")

    assert rows_of(write(tmp_path, raw))[20_002] == ["C2", "张三"]


def test_a_file_cut_in_the_middle_of_a_character_is_still_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, "个案序列号,姓名\nC1,张三\nC2,李四".encode()[:-1])

    with SpreadsheetFile(path) as file:
        assert list(file.notices) == [Notice.ENCODING_DAMAGED]
        assert [list(row.cells) for row in file.rows(0)][:2] == [["个案序列号", "姓名"], ["C1", "张三"]]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    line = separator.join(["C1", "张三", "1 000.00"])

    assert rows_of(write(tmp_path, f"{line}\n" * 3))[2] == ["C1", "张三", "1 000.00"]


def test_titles_and_thousands_do_not_hide_the_separator(tmp_path: Path) -> None:
    text = "某银行, 委案清单\nC1\t张三\t1,234,567.00\nC2\t李四\t2,345,678.00\n"

    assert rows_of(write(tmp_path, text, "a.txt"))[3] == ["C2", "李四", "2,345,678.00"]


def test_tabs_that_only_force_text_do_not_separate(tmp_path: Path) -> None:
    text = "姓名,证件号,手机\n" + "张三,11010119900307001X\t,13800138000\t\n" * 3

    assert rows_of(write(tmp_path, text))[2] == ["张三", "11010119900307001X\t", "13800138000\t"]


def test_the_line_that_tells_excel_the_separator_is_not_a_row(tmp_path: Path) -> None:
    assert rows_of(write(tmp_path, "sep=;\na;b,c\n1;2\n")) == {1: ["a", "b,c"], 2: ["1", "2"]}


def test_a_line_break_in_quotes_is_one_row_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    text = 'a,b\n1,"first\nsecond ""quoted"" line"\n\n2,x\n'

    assert rows_of(write(tmp_path, text)) == {
        1: ["a", "b"],
        2: ["1", 'first\nsecond "quoted" line'],
        3: [""],
        4: ["2", "x"],
    }


def test_line_ends_of_old_macs_are_line_ends(tmp_path: Path) -> None:
    assert rows_of(write(tmp_path, "a,b\r1,2\r3,4\r"))[3] == ["3", "4"]


def test_a_quote_that_is_never_closed_spoils_only_its_own_line(tmp_path: Path) -> None:
    text = "a,b,c\n" + '1,"x,y\n' + "2,x,y\n" * 2000

    rows = rows_of(write(tmp_path, text))

    assert len(rows) == 2002
    assert rows[2] == ["1", "x", "y"]
    assert rows[3] == ["2", "x", "y"]


def test_two_unclosed_quotes_do_not_swallow_the_lines_between_them(tmp_path: Path) -> None:
    text = "a,b,c\n" + '1,"x,y\n' + "2,x,y\n" * 5 + '8,"x,y\n'

    rows = rows_of(write(tmp_path, text))

    assert [cells[0] for cells in rows.values()] == ["a", "1", "2", "2", "2", "2", "2", "8"]


def test_inches_within_a_cell_are_text(tmp_path: Path) -> None:
    text = 'a,b\n1,5" 屏\n2,6" 屏\n'

    assert rows_of(write(tmp_path, text)) == {1: ["a", "b"], 2: ["1", '5" 屏'], 3: ["2", '6" 屏']}


def test_a_million_cells_with_quotes_take_their_time_but_no_more(tmp_path: Path) -> None:
    text = "a,b\n" + '1,"x\n' * 50_000

    assert len(rows_of(write(tmp_path, text))) >= 25_000


@pytest.mark.parametrize("name", ["a.txt", "a.tsv", "a.CSV", "noextension"])
def test_text_may_go_by_several_names(tmp_path: Path, name: str) -> None:
    assert rows_of(write(tmp_path, TEXT, name))[2] == ["C1", "张三", "100"]
