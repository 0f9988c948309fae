"""Finding the header of a sheet and knowing its columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.placement_sheet.amounts import Unit
from anmi.core.placement_sheet.cells import Row, Sheet
from anmi.core.placement_sheet.columns import MANDATORY, STRONG_WORDS, WEAK_WORDS, Column, header_key, may_not_be_kept
from anmi.core.placement_sheet.header import choose_sheet, find_header, lay_out
from anmi.core.placement_sheet.template import Template, TemplateWrong, read_template

HEADER = [str(column) for column in MANDATORY]
EMPTY = Template()


def a_sheet(*rows: list[str], is_hidden: bool = False, name: str = "委案") -> Sheet:
    return Sheet(name, [Row(number, cells) for number, cells in enumerate(rows, start=1)], is_hidden)


def test_every_word_of_a_column_leads_to_it_and_to_no_other() -> None:
    for words in (STRONG_WORDS, WEAK_WORDS):
        for column, each in words.items():
            for word in each:
                layout = lay_out(1, [word], EMPTY, has_source=False)
                assert list(layout.positions) == [column], word


@given(st.permutations(HEADER))
def test_the_order_of_columns_does_not_matter(header: list[str]) -> None:
    layout = find_header(a_sheet(["标题"], header), EMPTY, has_source=False)

    assert layout is not None
    assert layout.header_row == 2
    assert layout.mapped == {name: name for name in header}


@pytest.mark.parametrize(
    ("labels", "column", "taken"),
    [
        (["联系电话", "本人手机"], Column.PHONE, "本人手机"),
        (["合同编号", "案件编号"], Column.CASE_NO, "案件编号"),
        (["合同编号", "姓名"], Column.CASE_NO, "合同编号"),
        (["欠款金额", "委案金额"], Column.AMOUNT, "委案金额"),
        (["联系人姓名", "客户姓名"], Column.NAME, "客户姓名"),
        (["委案金额(美元)", "委案金额(元)"], Column.AMOUNT, "委案金额(元)"),
        (["证件类型", "证件号码"], Column.ID_NUMBER, "证件号码"),
    ],
)
def test_of_two_columns_the_one_that_says_it_best_is_taken(labels: list[str], column: Column, taken: str) -> None:
    assert lay_out(1, labels, EMPTY, has_source=False).mapped[column] == taken


@pytest.mark.parametrize(
    "label",
    [
        "序号",
        "客户编号",
        "姓名（联系人）",
        "手机(紧急联系人)",
        "联系人手机",
        "担保人姓名",
        "配偶手机",
        "产品名称",
        "单位电话",
        "逾期金额",
        "本金",
        "生日",
    ],
)
def test_a_column_that_means_something_else_is_not_taken(label: str) -> None:
    positions = lay_out(1, [label], EMPTY, has_source=False).positions

    assert not set(positions) & set(MANDATORY)


def test_a_marketing_channel_is_no_contact_source_once_one_is_declared() -> None:
    assert lay_out(1, ["来源渠道"], EMPTY, has_source=True).positions == {}
    assert list(lay_out(1, ["来源渠道"], EMPTY, has_source=False).positions) == [Column.SOURCE]


@pytest.mark.parametrize(
    "label",
    ["社保电脑号", "社保卡号", "个人社保号", "QQ", "qq号码", "QQ 号", "联系人证件号", "联系人1证件号",
    "第二联系人身份证号码", "紧急联系人身份证", "亲属证件号码",
     "联系人（1）证件号", "民族", "宗教信仰", "政治面貌", "健康状况", "人脸信息", "声纹特征", "社保查询结果",
     "通话详单记录"],
)  # fmt: skip
def test_what_the_law_does_not_let_us_keep_is_dropped(label: str) -> None:
    layout = lay_out(1, [*HEADER, label], EMPTY, has_source=False)

    assert layout.dropped == (label,)
    assert layout.unknown == ()


@pytest.mark.parametrize("label", ["证件号", "身份证号", "担保人身份证号", "共同借款人证件号", "客户证件号"])
def test_the_number_of_somebody_who_is_liable_may_be_kept(label: str) -> None:
    assert not may_not_be_kept(header_key(label))


@pytest.mark.parametrize(
    ("label", "unit"),
    [("委案金额", Unit.YUAN), ("委案金额（元）", Unit.YUAN), ("委案金额(万元)", Unit.TEN_THOUSAND_YUAN),
     ("委案金额/千元", Unit.THOUSAND_YUAN),
     ("委案金额_分", Unit.FEN), ("委案金额(单位：万元)", Unit.TEN_THOUSAND_YUAN), ("委案金额RMB", Unit.YUAN)],
)  # fmt: skip
def test_the_header_tells_the_unit_of_the_amount(label: str, unit: Unit) -> None:
    layout = lay_out(1, [label], EMPTY, has_source=False)

    assert list(layout.positions) == [Column.AMOUNT]
    assert layout.unit is unit


def test_the_sheet_understood_best_is_chosen_and_a_hidden_one_never() -> None:
    sheets = [a_sheet(["说明"]), a_sheet(HEADER[:4]), a_sheet(HEADER, is_hidden=True), a_sheet(["标题"], HEADER)]

    chosen = choose_sheet(sheets, EMPTY, has_source=False)

    assert chosen is not None
    assert chosen[0] == 3
    assert choose_sheet(sheets[:1], EMPTY, has_source=False) is None


def test_a_template_may_name_sheet_and_header_row() -> None:
    sheets = [a_sheet(HEADER, HEADER, name="一"), a_sheet(HEADER, HEADER, name="二")]

    chosen = choose_sheet(sheets, read_template({"sheet": "二", "header_row": 2}), has_source=False)

    assert chosen is not None
    assert (chosen[0], chosen[1].header_row) == (1, 2)


def test_a_template_that_names_nothing_of_this_sheet_leaves_it_to_the_guess() -> None:
    template = read_template({"columns": {"姓名": "称呼"}})

    assert lay_out(1, HEADER, template, has_source=False).missing(has_source=False) == ()


@pytest.mark.parametrize(
    "said", [3, None, [], {"x": 1}, {"columns": 3}, {"columns": {"姓名": []}}, {"columns": {"姓名": ["  "]}}]
)
def test_a_wrong_template_is_named_wrong(said: object) -> None:
    with pytest.raises(TemplateWrong):
        read_template(said)


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=8))
def test_no_sheet_breaks_the_search(rows: list[list[str]]) -> None:
    find_header(a_sheet(*rows), EMPTY, has_source=False)


def test_what_is_read_as_an_account_or_a_debt_is_no_unknown_column() -> None:
    labels = ["个案序列号", "合同号", "手续费", "逾期日期", "放款金额", "自定义"]

    layout = lay_out(1, labels, EMPTY, has_source=True)

    assert layout.unknown == ("自定义",)
