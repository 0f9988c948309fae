"""What a cell says: amounts, days, names and sources, in the writings of agencies."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.money import Money
from anmi.core.placement_sheet.amounts import Unit, read_amount
from anmi.core.placement_sheet.cells import Cell, FormulaWithoutValue, clean, text_of
from anmi.core.placement_sheet.contact_source import WORDS, ContactSource, read_contact_source
from anmi.core.placement_sheet.dates import DateOrder, read_date
from anmi.core.placement_sheet.names import read_name
from anmi.core.placement_sheet.reasons import Reason

NO_VALUE = FormulaWithoutValue()


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (" 张三 ", "张三"),
        ("\ufeff张\u200b三\u00a0", "张三"),
        ("１３８", "138"),
        ("'001", "001"),
        ('="001"', "001"),
        ("=1+1", "=1+1"),
        ("a\r\nb\tc", "a  b c"),
        ("\x00x\x07", "x"),
        ("", ""),
    ],
)
def test_text_is_cleaned_of_what_nobody_sees(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("cell", "text"),
    [(1001, "1001"), (3200.5, "3200.5"), (1.1e17, "110000000000000000"), (True, "TRUE"), (None, ""), (NO_VALUE, ""),
     (date(2026, 3, 5), "2026-03-05"), (float("inf"), "inf"), (float("nan"), "nan")],
)  # fmt: skip
def test_every_cell_has_a_text(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("3200.50", 320050), ("12,345.67", 1234567), ("1,234,567", 123456700), ("￥3,200", 320000),
        ("¥ 3200", 320000),
        ("RMB 1,000.00", 100000), ("CNY1", 100), ("人民币12,345.67元整", 1234567), ("３２００．５０", 320050),
        ("3200元", 320000), (" 1 234.50", 123450), ("1.5万", 1500000), ("0.32005万元", 320050),
        ("1.23E+05", 12300000),
        ("1'234.50", 123450), ("'3200", 320000), ("3200。5", 320050), (".5", 50), ("5.", 500), ("+5", 500),
        ("3200.500", 320050), ("3200.50元(人民币)", 320050), ("3200.1000000000004", 320010), (3200, 320000),
        (3200.5, 320050), (0.1 + 0.2, 30),
        (3200.1000000000004, 320010), ("9999999999999", 999999999999900),
    ],
)  # fmt: skip
def test_an_amount_is_read_to_the_fen(cell: Cell, fen: int) -> None:
    assert read_amount(cell) == Money(fen)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", Reason.MISSING_REQUIRED), (None, Reason.MISSING_REQUIRED), (NO_VALUE, Reason.FORMULA_NO_VALUE),
        ("0", Reason.AMOUNT_NOT_POSITIVE), (0.0, Reason.AMOUNT_NOT_POSITIVE), ("-100", Reason.AMOUNT_NOT_POSITIVE),
        ("100-", Reason.AMOUNT_NOT_POSITIVE), ("(1,234.00)", Reason.AMOUNT_NOT_POSITIVE),
        ("¥-1", Reason.AMOUNT_NOT_POSITIVE),
        ("−100", Reason.AMOUNT_NOT_POSITIVE), ("（100）", Reason.AMOUNT_NOT_POSITIVE),
        ("-0.01", Reason.AMOUNT_NOT_POSITIVE),
        ("12,34", Reason.BAD_AMOUNT), ("1.234,56", Reason.BAD_AMOUNT), ("1.2.3", Reason.BAD_AMOUNT),
        ("abc", Reason.BAD_AMOUNT),
        ("$100", Reason.BAD_AMOUNT), ("-", Reason.BAD_AMOUNT), ("--5", Reason.BAD_AMOUNT),
        ("3200.505", Reason.BAD_AMOUNT),
        (3200.505, Reason.BAD_AMOUNT), (True, Reason.BAD_AMOUNT), (date(2026, 3, 5), Reason.BAD_AMOUNT),
        ("1e999", Reason.BAD_AMOUNT),
        (float("inf"), Reason.BAD_AMOUNT), (float("nan"), Reason.BAD_AMOUNT), (1e300, Reason.BAD_AMOUNT),
        ("6222020200112233445", Reason.BAD_AMOUNT), ("#N/A", Reason.BAD_AMOUNT), ("=1+1", Reason.BAD_AMOUNT),
        ("9" * 40_000, Reason.BAD_AMOUNT), ("约3200", Reason.BAD_AMOUNT), ("无", Reason.BAD_AMOUNT),
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_above_zero_is_refused_with_its_reason(cell: Cell, reason: Reason) -> None:
    assert read_amount(cell) is reason


@given(st.integers(1, 10**14))
def test_no_fen_is_lost_in_any_writing(fen: int) -> None:
    yuan = Decimal(fen) / 100

    assert read_amount(f"{yuan:,.2f}") == Money(fen)
    assert read_amount(f"￥{yuan:.2f} 元") == Money(fen)
    assert read_amount(str(fen), Unit.FEN) == Money(fen)
    assert read_amount(str(Decimal(fen) / 1_000_000), Unit.TEN_THOUSAND_YUAN) == Money(fen)


@given(st.integers(1, 10**12))
def test_a_number_of_a_spreadsheet_is_the_amount_it_shows(fen: int) -> None:
    assert read_amount(fen / 100) == Money(fen)


MARCH_FIFTH = date(2026, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05", "2026/3/5", "2026.3.5", "2026. 3. 5", "20260305", "2026年3月5日", "2026 年 03 月 05 日",
        "26年3月5日",
        "5-Mar-26", "05-MAR-2026", "Mar 5, 2026", "March 5th, 2026", "5 March 2026", "2026-Mar-05",
        "2026-03-05 00:00:00",
        "2026/3/5 0:00", "2026-03-05T12:30:15.123", "2026-03-04T16:00:00Z", "2026-03-05 下午 3:00",
        "2026-3-5 3:00 PM",
        "20260305120000", "46086", "46086.0", "46086.75", 46086, 46086.75, 20260305, 20260305.0, "20260305.0",
        "２０２６－０３－０５", "二〇二六年三月五日", "2026年3月5号", "2026-03-05（周四）",
        "2026\\03\\05", MARCH_FIFTH, " 2026-03-05\u200b",
        "'2026-03-05",
    ],
)  # fmt: skip
def test_one_day_in_all_its_writings(cell: Cell) -> None:
    assert read_date(cell) == MARCH_FIFTH


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", Reason.MISSING_REQUIRED), (None, Reason.MISSING_REQUIRED), (NO_VALUE, Reason.FORMULA_NO_VALUE),
        ("2026-02-30", Reason.BAD_DATE), ("2026-13-01", Reason.BAD_DATE), ("2026-00-10", Reason.BAD_DATE),
        ("3/5/2026", Reason.BAD_DATE), ("26-3-5", Reason.BAD_DATE), ("2026-3", Reason.BAD_DATE),
        ("2026", Reason.BAD_DATE),
        (2026, Reason.BAD_DATE), ("1899-01-01", Reason.BAD_DATE), ("2200-01-01", Reason.BAD_DATE),
        (True, Reason.BAD_DATE),
        (-1, Reason.BAD_DATE), (1e300, Reason.BAD_DATE), (float("nan"), Reason.BAD_DATE),
        (float("inf"), Reason.BAD_DATE),
        ("明天", Reason.BAD_DATE), ("#N/A", Reason.BAD_DATE), ("5-Foo-26", Reason.BAD_DATE),
        ("2026-03-05" + " " * 30_000 + "x", Reason.BAD_DATE),
        (date(1999, 12, 31), Reason.BAD_DATE),
    ],
)  # fmt: skip
def test_what_is_no_day_or_could_be_two_is_refused_with_its_reason(cell: Cell, reason: Reason) -> None:
    assert read_date(cell) is reason


def test_only_a_template_decides_between_day_and_month() -> None:
    assert read_date("3/5/2026", order=DateOrder.MONTH_FIRST) == MARCH_FIFTH
    assert read_date("5/3/2026", order=DateOrder.DAY_FIRST) == MARCH_FIFTH
    assert read_date("3/25/2026") == date(2026, 3, 25)
    assert read_date("25.3.2026") == date(2026, 3, 25)
    assert read_date("3/3/2026") == date(2026, 3, 3)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_every_writing(day: date) -> None:
    for text in (
        f"{day}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d-%b-%Y}",
    ):
        assert read_date(text) == day
    assert read_date((day - date(1899, 12, 30)).days) == day
    assert read_date((day - date(1904, 1, 1)).days, counts_from_1904=True) == day
    assert read_date(day + timedelta(0)) == day


@pytest.mark.parametrize(
    ("cell", "name"),
    [("张三", "张三"), ("张　三", "张三"), ("欧阳 娜娜", "欧阳娜娜"), ("买买提•吐尔逊", "买买提·吐尔逊"),
     ("阿依古丽・ 买买提", "阿依古丽·买买提"),
     ("𠮷野", "𠮷野"), ("李\u200b四", "李四"), ("JOHN SMITH", "JOHN SMITH"), ("O'Neil", "O'Neil"), ("གཅིག་པ",
     "གཅིག་པ"),
     ("王\ue000", "王\ue000"), ("测试甲", "测试甲")],
)  # fmt: skip
def test_a_name_of_any_people_is_a_name(cell: Cell, name: str) -> None:
    assert read_name(cell) == name


@pytest.mark.parametrize(
    ("cell", "reason"),
    [("", Reason.MISSING_REQUIRED), (None, Reason.MISSING_REQUIRED), ("\u200b", Reason.MISSING_REQUIRED),
     (NO_VALUE, Reason.FORMULA_NO_VALUE),
     ("张", Reason.BAD_NAME), ("张*", Reason.BAD_NAME), ("张三1", Reason.BAD_NAME), ("测试", Reason.BAD_NAME),
     ("无", Reason.BAD_NAME),
     ("NULL", Reason.BAD_NAME), ("···", Reason.BAD_NAME), (12345, Reason.BAD_NAME), ("😀😀", Reason.BAD_NAME),
     ("#N/A", Reason.BAD_NAME),
     ("=cmd|' /C calc'!A0", Reason.BAD_NAME), ("<b>张三</b>", Reason.BAD_NAME), ("张" * 61, Reason.BAD_NAME),
     ("13800138000", Reason.BAD_NAME),
     ("张\ufffd", Reason.BAD_NAME), (True, Reason.BAD_NAME)],
)  # fmt: skip
def test_what_is_no_name_is_refused_with_its_reason(cell: Cell, reason: Reason) -> None:
    assert read_name(cell) is reason


@pytest.mark.parametrize("source", ContactSource)
def test_every_lawful_channel_is_known_by_all_of_its_words(source: ContactSource) -> None:
    for word in (
        *WORDS[source],
        source,
        source.name,
        f"1、{source.chinese}",
        f"（2）{source.chinese}",
        f" {source.chinese}。",
    ):
        assert read_contact_source(word) is source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("预留信息（开户）", ContactSource.ON_FILE),
        ("根据借款合同约定", ContactSource.CONTRACT),
        ("通过合法公开渠道获取", ContactSource.PUBLIC),
        ("合同约定/预留信息", ContactSource.CONTRACT),
        ("debtor consent", ContactSource.DEBTOR_CONSENT),
    ],
)
def test_a_lawful_channel_may_be_said_in_more_words(text: str, source: ContactSource) -> None:
    assert read_contact_source(text) is source


def test_no_word_stands_for_two_channels() -> None:
    words = [word for each in WORDS.values() for word in each]

    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "text",
    [
        "网上买的",
        "社工库",
        "爬虫",
        "朋友介绍",
        "无",
        "1",
        "",
        "合同约定以外",
        "非债务人授权",
        "合同约定/网上买的",
        "预留信息(非本人)x",
        "x" * 40_000,
    ],
)
def test_an_unlawful_channel_is_none(text: str) -> None:
    assert read_contact_source(text) is None


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=40), st.just(NO_VALUE)
)


@given(cells)
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    assert isinstance(read_amount(cell), Money | Reason)
    assert isinstance(read_date(cell), date | Reason)
    assert isinstance(read_name(cell), str)
    assert isinstance(text_of(cell), str)
