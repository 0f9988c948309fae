"""`anmi placements check`, as somebody at a desk and somebody's script use it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from typer.testing import CliRunner, Result

from anmi.entrypoints.cli import main
from tests.adapters.spreadsheets import hostile
from tests.casework.placements.sheets import HEADER, a_case, a_csv, an_id_number, an_xls, an_xlsx

ACCEPTED, REFUSED, WRONG_USE = 0, 1, 2


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["placements", "check", *map(str, arguments)])


def check(path: Path, *arguments: object) -> dict[str, Any]:
    result = run(path, "--json", *arguments)
    assert not result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (ACCEPTED if report["verdict"] == "accept" else REFUSED)
    return report


def reasons(report: Mapping[str, Any]) -> dict[int, list[str]]:
    return {each["row"]: each["reasons"] for each in report["rejected"]}


def codes(report: Mapping[str, Any]) -> set[str]:
    return {finding["code"] for finding in report["findings"]}


def test_a_good_file_is_accepted_with_its_sum(tmp_path: Path) -> None:
    report = check(a_csv(tmp_path / "a.csv", [HEADER, a_case(1), a_case(2, amount="0.01")]))

    assert report == {
        "verdict": "accept",
        "file_reason": None,
        "missing_columns": [],
        "header_row": 1,
        "accepted": 2,
        "rejected": [],
        "skipped": 0,
        "total_fen": 320051,
        "duplicates": 0,
        "linked_pairs": 0,
        "columns": {"mapped": {name: name for name in HEADER}, "unknown": [], "dropped": []},
        "findings": [],
    }


@pytest.mark.parametrize("write", [an_xlsx, an_xls, a_csv])
def test_one_file_says_the_same_in_every_format(tmp_path: Path, write: Any) -> None:
    rows = [["某银行委案清单"], HEADER, a_case(1), a_case(2, name=""), a_case(3), ["合计", None, "9601.50"]]

    report = check(write(tmp_path / f"a.{write.__name__.rpartition('_')[2]}", rows))

    assert report["header_row"] == 2
    assert report["accepted"] == 2
    assert report["total_fen"] == 640100
    assert report["skipped"] == 1
    assert reasons(report) == {4: ["MISSING_REQUIRED"]}


def test_every_row_lists_all_of_its_reasons_and_none_hides_another(tmp_path: Path) -> None:
    rows = [
        HEADER,
        a_case(
            1,
            placed_on="2026-02-30",
            amount="-5",
            name="测试",
            id_number="110101199003070012",
            phone="12345",
            source="",
        ),
        a_case(2),
        a_case(3, case_no="", amount="abc", id_number="11010119901307001X", source="网上买的"),
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert reasons(report) == {
        2: ["AMOUNT_NOT_POSITIVE", "BAD_DATE", "BAD_ID_CHECKSUM", "BAD_PHONE", "BAD_NAME", "MISSING_CONTACT_SOURCE"],
        4: ["MISSING_REQUIRED", "BAD_AMOUNT", "BAD_ID_FORMAT", "BAD_CONTACT_SOURCE"],
    }
    assert report["accepted"] == 1


def test_a_refused_row_tells_which_column_without_telling_what_is_in_it(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "a.csv", [HEADER, a_case(1, name="", phone="1390000")])

    finding = check(path)["findings"][0]

    assert finding == {
        "code": "MISSING_REQUIRED",
        "row": 2,
        "column": "姓名",
        "refuses": True,
        "message": "必填项为空",
    }
    assert "1390000" not in run(path, "--json").stdout
    assert "1390000" not in run(path).stdout


def test_messy_but_honest_rows_are_taken(tmp_path: Path) -> None:
    rows = [
        HEADER,
        a_case(1, placed_on="2026/3/5", amount="￥3,200.50", phone="+86 138-0013-8000"),
        a_case(2, placed_on="2026.3.5", amount="３２００．５０元", phone="008613800138000", name="张　三"),
        a_case(3, placed_on="20260305", amount="RMB 3,200.5", phone="13800138000/13900139000"),
        a_case(4, placed_on="2026年3月5日", amount=" 3 200.50 ", phone="'13800138000"),
        a_case(5, placed_on="5-Mar-26", amount="0.32005万", phone="\u200b13800138000\ufeff"),
        a_case(6, placed_on="46086", amount="3200.5000", phone="1.3800138E10"),
        a_case(7, placed_on="2026-03-05 00:00:00", phone="13800138000.0", name="买买提•吐尔逊"),
        a_case(8, id_number="110101900307001", phone="010-62345678转802"),
        a_case(9, id_number=f"'{an_id_number(9)[:17]}{an_id_number(9)[17].lower()}", source="1、合同约定"),
        a_case(10, id_number=f'="{an_id_number(10)}"', phone='="13800138000"', name="JOHN O'NEIL"),
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert report["rejected"] == []
    assert report["accepted"] == 10
    assert report["total_fen"] == 10 * 320050


def test_numbers_of_a_workbook_are_read_as_what_they_were(tmp_path: Path) -> None:
    rows = [
        HEADER,
        a_case(1, case_no=1001, placed_on=46086, amount=3200.5, phone=13800138000.0),
        a_case(2, case_no=1002.0, placed_on=date(2026, 3, 5), amount=3200.1 + 0.4, phone=8613800138000),
        a_case(3, placed_on=20260305, amount=3200),
        a_case(4, id_number=float(an_id_number(4, area="440305")[:17] + "1")),
        a_case(5, id_number=int(an_id_number(5, area="440305")[:17] + "1")),
        a_case(6, amount=3200.505),
        a_case(7, name=123),
    ]

    report = check(an_xlsx(tmp_path / "a.xlsx", rows))

    assert report["accepted"] == 3
    assert reasons(report) == {
        5: ["ID_PRECISION_LOST"],
        6: ["ID_PRECISION_LOST"],
        7: ["BAD_AMOUNT"],
        8: ["BAD_NAME"],
    }


@pytest.mark.parametrize("lost", ["1.10101E+17", "1.10101199003074e+17", "110101199003074000", "110101199003074512.0"])
def test_an_identity_number_that_was_a_number_once_has_lost_its_end(tmp_path: Path, lost: str) -> None:
    assert reasons(check(a_csv(tmp_path / "a.csv", [HEADER, a_case(1, id_number=lost)]))) == {2: ["ID_PRECISION_LOST"]}


def test_a_mandatory_formula_that_nobody_calculated_is_said_to_be_one(tmp_path: Path) -> None:
    path = an_xlsx(tmp_path / "a.xlsx", [HEADER, a_case(1, amount="=1+1", name="=A1"), a_case(2)])

    assert reasons(check(path)) == {2: ["FORMULA_NO_VALUE"]}


def test_what_looks_like_a_formula_in_a_text_file_is_text(tmp_path: Path) -> None:
    rows = [
        [*HEADER, "备注"],
        [*a_case(1, case_no="=1+1"), '=HYPERLINK("http://127.0.0.1")'],
        [*a_case(2, name="=cmd|' /C calc'!A0"), "@SUM(1)"],
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert report["accepted"] == 1
    assert reasons(report) == {3: ["BAD_NAME"]}


def test_days_of_a_1904_workbook_are_not_four_years_off(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(a_case(1, placed_on=date(2026, 3, 5)))
    sheet.append(a_case(1, placed_on=44624))
    book.save(tmp_path / "a.xlsx")

    assert reasons(check(tmp_path / "a.xlsx")) == {3: ["DUPLICATE_ROW"]}


def test_a_case_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    rows = [
        HEADER,
        a_case(1),
        a_case(1, placed_on="2026/3/5", amount="1.00"),
        a_case(1, placed_on="2026-04-05"),
        a_case(1, phone="1"),
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert reasons(report) == {3: ["DUPLICATE_ROW"], 5: ["BAD_PHONE", "DUPLICATE_ROW"]}
    assert report["duplicates"] == 2
    assert report["total_fen"] == 2 * 320050


def test_a_mended_row_below_a_bad_one_is_taken(tmp_path: Path) -> None:
    report = check(a_csv(tmp_path / "a.csv", [HEADER, a_case(1, phone="1"), a_case(1), a_case(1)]))

    assert reasons(report) == {2: ["BAD_PHONE"], 4: ["DUPLICATE_ROW"]}
    assert report["accepted"] == 1


def test_the_cases_of_one_debtor_are_counted_in_pairs(tmp_path: Path) -> None:
    rows = [
        HEADER,
        a_case(1),
        a_case(2, id_number=an_id_number(1)),
        a_case(3, id_number="110101900307001"),
        a_case(4),
        a_case(5, id_number=an_id_number(1), phone="1"),
    ]

    assert check(a_csv(tmp_path / "a.csv", rows))["linked_pairs"] == 3


def test_rows_that_carry_no_case_are_skipped_and_not_refused(tmp_path: Path) -> None:
    rows = [
        ["某银行 2026 年 3 月委案清单"],
        [],
        HEADER,
        a_case(1),
        [],
        ["", "", "", ""],
        ["小计", "", "3,200.50"],
        HEADER,
        a_case(2),
        ["", "", "6401.00"],
        ["合计：2户", "", "6401.00"],
        ["注：以上数据仅供催收使用，请勿外传"],
        ["制表人：", "李四", "", "审核人：", "王五"],
        ["以上数据截至 2026-03-05"],
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert report["header_row"] == 3
    assert report["rejected"] == []
    assert report["accepted"] == 2
    assert report["skipped"] == 9


def test_a_broken_row_is_not_mistaken_for_a_note(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["C1"],
        ["", "", "", "张三"],
        ["C3", "2026-03-05", "100", "", "", "", ""],
        ["", "2026-03-05", "100", "", "", "", "合同约定"],
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert sorted(reasons(report)) == [2, 3, 4, 5]
    assert report["skipped"] == 0


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    bad = ",".join(a_case(2, phone="1"))
    path.write_text(f'{",".join(HEADER)},备注\n{",".join(a_case(1))},"一\n二\n三"\n\n{bad},\n', encoding="utf-8")

    assert reasons(check(path)) == {4: ["BAD_PHONE"]}


def test_blank_rows_of_a_workbook_count_as_rows(tmp_path: Path) -> None:
    report = check(an_xlsx(tmp_path / "a.xlsx", [[], [], HEADER, a_case(1), [], [], a_case(2, phone="1")]))

    assert report["header_row"] == 3
    assert report["skipped"] == 2
    assert reasons(report) == {7: ["BAD_PHONE"]}


@pytest.mark.parametrize(
    "header",
    [
        ["案件编号", "委托日期", "委托金额", "客户姓名", "身份证号码", "手机号码", "号码来源"],
        ["*个案编号", "委案\n日期", "委案金额（元）", "姓　名", "证件号码（必填）", "本人手机号", "联系方式来源*"],
        ["案件序列号", "委 案 日 期", "委案金额:元", "借款人姓名", "借款人身份证号", "联系电话", "电话来源"],
        ["合同号", "委外日期", "总欠款", "债务人", "公民身份号码", "手机", "来源渠道"],
        ["案件唯一编号", "派单日期", "委案总欠款", "户名", "居民身份证号码", "联系手机", "联系方式的来源"],
        ["個案序列號", "委案日期", "委案金額", "姓名", "證件號", "本人手機", "聯繫方式來源"],
        ["Case_No", "Placement Date", "Amount", "Name", "ID Number", "Mobile", "Contact Source"],
        ["【个案序列号】", "委案日", "委案金额(人民币)", "“姓名”", "证件号", "客户手机号码", "获取渠道"],
    ],
)
def test_columns_are_found_under_the_names_agencies_give_them(tmp_path: Path, header: list[str]) -> None:
    report = check(a_csv(tmp_path / "a.csv", [header, a_case(1)]))

    assert report["accepted"] == 1
    assert list(report["columns"]["mapped"]) == HEADER
    assert report["columns"]["unknown"] == []


def test_a_header_of_two_lines_is_read_as_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["委案清单"])
    sheet.append(["个案序列号", "委案信息", None, "债务人信息", None, None, "联系方式来源", "联系人1", None])
    sheet.append([None, "委案日期", "委案金额", "姓名", "证件号", "手机", None, "姓名", "手机"])
    for merged in ("A1:I1", "A2:A3", "B2:C2", "D2:F2", "G2:G3", "H2:I2"):
        sheet.merge_cells(merged)
    sheet.append([*a_case(1), "测试乙", "13900139000"])
    book.save(tmp_path / "a.xlsx")

    report = check(tmp_path / "a.xlsx")

    assert report["header_row"] == 3
    assert report["accepted"] == 1
    assert report["columns"]["mapped"]["本人手机"] == "手机"
    assert report["columns"]["mapped"]["联系人1手机"] == "联系人1手机"


def test_the_number_of_a_contact_is_never_taken_for_the_debtors(tmp_path: Path) -> None:
    header = ["个案序列号", "委案日期", "委案金额", "姓名", "证件号", "联系人手机", "联系方式来源"]

    report = check(a_csv(tmp_path / "a.csv", [header, a_case(1)]))

    assert report["missing_columns"] == ["本人手机"]


def test_two_hundred_columns_are_kept_and_those_the_law_forbids_are_dropped(tmp_path: Path) -> None:
    forbidden = ["社保电脑号", "社保卡号", "QQ", "联系人证件号", "联系人1身份证号", "QQ号码"]
    facts = [f"附加信息{number}" for number in range(200)]
    rows = [[*forbidden[:3], *HEADER, *facts, *forbidden[3:]], [*"abc", *a_case(1), *map(str, range(200)), *"def"]]

    report = check(an_xlsx(tmp_path / "a.xlsx", rows))

    assert report["accepted"] == 1
    assert report["columns"]["unknown"] == facts
    assert report["columns"]["dropped"] == forbidden
    assert [finding["code"] for finding in report["findings"]] == ["COLUMN_DROPPED"] * 6


def test_all_missing_columns_are_named_at_once(tmp_path: Path) -> None:
    report = check(
        a_csv(tmp_path / "a.csv", [["个案序列号", "委案日期", "姓名", "备注"], ["C1", "2026-03-05", "测试甲", ""]])
    )

    assert report["verdict"] == "reject_file"
    assert report["file_reason"] == "MISSING_COLUMN"
    assert report["missing_columns"] == ["委案金额", "证件号", "本人手机", "联系方式来源"]
    assert report["header_row"] == 1
    assert report["accepted"] == 0


def test_a_file_without_any_header_misses_all_columns(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "a.csv", [["随便", "写写"], ["1", "2"]])

    assert check(path)["missing_columns"] == HEADER
    assert check(path, "--source", "合同约定")["missing_columns"] == HEADER[:-1]
    assert check(path)["header_row"] is None


def test_a_source_may_be_given_for_the_whole_file(tmp_path: Path) -> None:
    without = a_csv(tmp_path / "a.csv", [HEADER[:-1], a_case(1)[:-1]])
    with_blanks = a_csv(tmp_path / "b.csv", [HEADER, a_case(1, source=""), a_case(2), a_case(3, source="黑市")])

    assert check(without)["missing_columns"] == ["联系方式来源"]
    assert check(without, "--source", "预留信息")["accepted"] == 1
    assert check(without, "--source", "on_file")["accepted"] == 1
    assert reasons(check(with_blanks, "--source", "债务人授权")) == {4: ["BAD_CONTACT_SOURCE"]}


def test_an_unlawful_source_for_the_whole_file_is_wrong_use(tmp_path: Path) -> None:
    result = run(a_csv(tmp_path / "a.csv", [HEADER[:-1], a_case(1)[:-1]]), "--source", "网上买的", "--json")

    assert result.exit_code == WRONG_USE
    assert "合同约定" in result.stderr
    assert result.stdout == ""


def test_an_unknown_prefix_is_told_and_not_refused(tmp_path: Path) -> None:
    report = check(a_csv(tmp_path / "a.csv", [HEADER, a_case(1, phone="14412345678")]))

    assert report["accepted"] == 1
    assert [(finding["code"], finding["row"]) for finding in report["findings"]] == [("UNKNOWN_PHONE_PREFIX", 2)]


def test_another_document_than_a_resident_card_is_taken_as_written(tmp_path: Path) -> None:
    header = [*HEADER, "证件类型"]
    rows = [
        header,
        [*a_case(1, id_number="E12345678"), "护照"],
        [*a_case(2, id_number="E12345678"), "身份证"],
        [*a_case(3), "居民身份证"],
    ]

    report = check(a_csv(tmp_path / "a.csv", rows))

    assert reasons(report) == {3: ["BAD_ID_FORMAT"]}
    assert codes(report) == {"ID_NOT_CHECKED", "BAD_ID_FORMAT"}


def test_money_of_another_country_is_not_yuan(tmp_path: Path) -> None:
    rows = [[*HEADER, "币种"], [*a_case(1), "人民币"], [*a_case(2), "USD"], [*a_case(3, amount="$3200"), ""]]

    assert reasons(check(a_csv(tmp_path / "a.csv", rows))) == {3: ["BAD_AMOUNT"], 4: ["BAD_AMOUNT"]}


def test_an_amount_in_ten_thousands_is_what_its_header_says(tmp_path: Path) -> None:
    header = ["委案金额（单位：万元）" if name == "委案金额" else name for name in HEADER]

    assert check(a_csv(tmp_path / "a.csv", [header, a_case(1, amount="1.2345")]))["total_fen"] == 1_234_500


def test_the_sheet_with_the_header_is_chosen_and_others_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["说明：见第二页"])
    for name in ("委案", "又一批"):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(a_case(1))
    hidden = book.create_sheet("旧数据", 0)
    hidden.append(HEADER)
    hidden.append(a_case(9))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    report = check(tmp_path / "a.xlsx")

    assert report["accepted"] == 1
    assert [(finding["code"], finding["message"].rpartition("：")[2]) for finding in report["findings"]] == [
        ("HIDDEN_SHEET_IGNORED", "旧数据"),
        ("SHEET_IGNORED", "又一批"),
    ]


@pytest.mark.parametrize("rows", [[HEADER], [HEADER, ["合计", "", "0"]], [["标题"], HEADER, [], []]])
def test_a_header_without_cases_is_no_placement(tmp_path: Path, rows: list[list[str]]) -> None:
    report = check(a_csv(tmp_path / "a.csv", rows))

    assert report["file_reason"] == "NO_DATA_ROWS"
    assert report["header_row"] == len(rows[:1]) + (rows[0] != HEADER)


def test_a_file_of_bad_rows_is_still_a_file_to_be_mended(tmp_path: Path) -> None:
    report = check(a_csv(tmp_path / "a.csv", [HEADER, a_case(1, phone="1")]))

    assert report["verdict"] == "accept"
    assert report["accepted"] == 0


def test_a_template_names_columns_unit_source_and_the_order_of_dates(tmp_path: Path) -> None:
    header = ["户号", "进池日", "标的", "称呼", "ID", "电话一", "电话二"]
    row = ["000123", "3/5/2026", "320050", "测试甲", an_id_number(1), "13800138000", "13900139000"]
    template = {
        "name": "某银行",
        "columns": {"个案序列号": "户号", "委案日期": "进池日", "委案金额": "标的", "姓名": ["户名", "称呼"],
                    "证件号": "ID", "本人手机": "电话一"},
        "amount_unit": "分",
        "date_order": "mdy",
        "source": "合同约定",
    }  # fmt: skip
    (tmp_path / "bank.json").write_text(json.dumps(template), encoding="utf-8")

    report = check(a_csv(tmp_path / "a.csv", [["标题"], header, row]), "--template", tmp_path / "bank.json")

    assert report["accepted"] == 1
    assert report["total_fen"] == 320050
    assert report["columns"]["mapped"]["委案日期"] == "进池日"
    assert report["columns"]["unknown"] == ["电话二"]


def test_a_template_may_be_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANMI_TEMPLATES", str(tmp_path))
    (tmp_path / "某银行.json").write_text('{"columns": {"个案序列号": "户号"}}', encoding="utf-8")
    header = ["户号", *HEADER[1:]]

    assert check(a_csv(tmp_path / "a.csv", [header, a_case(1)]), "--template", "某银行")["accepted"] == 1


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"colunms": {}}', '{"columns": {"名": "x"}}', '{"columns": {"姓名": 3}}', '{"header_row": 0}',
     '{"amount_unit": "美元"}', '{"date_order": "dym"}', '{"source": "黑市"}', '{"sheet": 1}', "[" * 100_000],
)  # fmt: skip
def test_a_template_that_is_wrong_is_wrong_use_in_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.json").write_text(content, encoding="utf-8")

    result = run(a_csv(tmp_path / "a.csv", [HEADER, a_case(1)]), "--template", tmp_path / "t.json")

    assert result.exit_code == WRONG_USE
    assert "--template" in result.stderr


def test_a_file_or_template_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv", "--json").exit_code == WRONG_USE
    assert run("no\0name.csv", "--json").exit_code == WRONG_USE
    assert run(a_csv(tmp_path / "a.csv", [HEADER]), "--template", "none").exit_code == WRONG_USE
    assert run().exit_code == WRONG_USE


@pytest.mark.parametrize(
    ("name", "make", "reason"), [pytest.param(*case[1:], id=case[0]) for case in hostile.FILES[::4]]
)
def test_a_hostile_file_gets_one_clear_sentence(tmp_path: Path, name: str, make: hostile.Make, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(make())

    report = check(path)
    spoken = run(path)

    assert report["file_reason"] == reason
    assert report["accepted"] == 0
    assert [finding["code"] for finding in report["findings"]] == [reason]
    assert "Traceback" not in spoken.output
    assert f"拒绝整个文件（{reason}）" in spoken.stdout


def test_a_file_that_breaks_in_the_middle_counts_for_nothing(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}">' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"
        for number, cells in enumerate([HEADER, *(a_case(number) for number in range(1, 5000))], start=1)
    )
    (tmp_path / "a.xlsx").write_bytes(hostile.with_rows(rows + "<row><c></row>"))

    report = check(tmp_path / "a.xlsx")

    assert report["file_reason"] == "FILE_CORRUPT"
    assert report["accepted"] == 0
    assert report["total_fen"] == 0


def test_the_report_for_people_is_chinese_and_names_rows_and_columns(tmp_path: Path) -> None:
    rows = [[*HEADER, "QQ", "附加"], [*a_case(1), "1", "2"], [*a_case(2, phone="1"), "", ""], ["合计"]]

    said = run(a_csv(tmp_path / "a.csv", rows))

    assert said.exit_code == ACCEPTED
    assert "结论：可以导入" in said.stdout
    assert "可导入 1 行，合计 3200.50 元；退回 1 行" in said.stdout
    assert "第 3 行：本人手机 电话号码不正确" in said.stdout
    assert "依法丢弃的列：QQ" in said.stdout
    assert "作为附加信息保留的列：附加" in said.stdout
