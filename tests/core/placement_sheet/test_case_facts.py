"""What a row tells beside the mandatory columns, and how the amount placed is divided."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.contact_rules.facts import Relation
from anmi.core.delinquency import read_buckets
from anmi.core.limitation import LimitationTable, Period
from anmi.core.money import Money
from anmi.core.placement_sheet.case_facts import CaseFacts, FactReader, split_amount
from anmi.core.placement_sheet.fact_columns import Fact
from anmi.core.placement_sheet.header import lay_out
from anmi.core.placement_sheet.line_reader import Line, LineReader
from anmi.core.placement_sheet.placing import CaseMaker, NewCase
from anmi.core.placement_sheet.template import Template

MANDATORY = ["个案序列号", "委案日期", "委案金额", "姓名", "证件号", "本人手机", "联系方式来源"]
GOOD = ["C1", "2026-03-05", "3200.50", "测试甲", "110101199003070011", "13800000001", "合同约定"]
LIMITATION = LimitationTable((Period(date(2015, 10, 1), 3, "民法典 art. 188"),))
BUCKETS = read_buckets(
    [
        {"code": "M1", "min_dpd": 1, "max_dpd": 30},
        {"code": "M2", "min_dpd": 31, "max_dpd": 60},
        {"code": "M3+", "min_dpd": 61},
    ]
)


def facts_of(**cells: str) -> CaseFacts:
    layout = lay_out(1, [*MANDATORY, *cells], Template(), has_source=False)
    return FactReader(layout).read([*GOOD, *cells.values()])


@pytest.mark.parametrize(
    ("header", "cell", "fact", "day"),
    [
        ("预计退案日", "2026/9/5", Fact.DUE_BACK_ON, date(2026, 9, 5)),
        ("首次逾期日期", "20260101", Fact.OVERDUE_ON, date(2026, 1, 1)),
        ("放款日期", "2024年3月1日", Fact.LOAN_ON, date(2024, 3, 1)),
    ],
)
def test_days_are_read_under_their_many_names(header: str, cell: str, fact: Fact, day: date) -> None:
    assert facts_of(**{header: cell}).dates == {fact: day}


def test_amounts_are_read_in_the_unit_of_their_header_and_nothing_is_nothing() -> None:
    facts = facts_of(
        **{"剩余本金（万元）": "0.3", "利息": "￥150.25", "违约金": "0.00", "滞纳金": "50.25", "年费": "-"}
    )
    assert {fact: amount.fen for fact, amount in facts.amounts.items()} == {
        Fact.PRINCIPAL: 300000,
        Fact.INTEREST: 15025,
        Fact.PENALTY: 5025,
        Fact.FEE: 0,
    }


def test_what_cannot_be_read_is_kept_as_it_was_written() -> None:
    facts = facts_of(利息="约一百", 逾期日="上个月", 单位电话="无", 渠道="甲", 原因="金额有误")
    assert facts.extra == {"利息": "约一百", "逾期日": "上个月", "单位电话": "无", "渠道": "甲"}


def test_people_beside_the_debtor_come_with_name_relation_and_liability() -> None:
    facts = facts_of(
        联系人1姓名="测试乙",
        联系人1关系="父亲",
        联系人1手机="13900000001",
        担保人手机="13900000002",
        单位电话="010-62345678",
    )
    told = {
        (phone.number.digits, phone.kind, phone.relation, phone.relation_text, phone.name) for phone in facts.phones
    }
    assert told == {
        ("13900000001", "mobile", Relation.RELATED_THIRD_PARTY, "父亲", "测试乙"),
        ("13900000002", "mobile", Relation.GUARANTOR, "担保人", None),
        ("01062345678", "work", Relation.DEBTOR, None, None),
    }


def test_of_two_columns_of_one_meaning_the_surer_name_counts() -> None:
    facts = facts_of(逾期本金="5", 剩余本金="10")
    assert facts.amounts == {Fact.PRINCIPAL: Money(1000)}
    assert facts.extra == {"逾期本金": "5"}


amounts = st.integers(0, 10**9).map(Money)


@given(amounts, st.dictionaries(st.sampled_from([Fact.PRINCIPAL, Fact.INTEREST, Fact.PENALTY, Fact.FEE]), amounts))
def test_the_parts_always_add_up_to_what_was_placed(placed: Money, told: dict[Fact, Money]) -> None:
    parts, _ = split_amount(placed, told)
    assert parts.total == placed
    assert min(parts.principal.fen, parts.interest.fen, parts.penalty.fen, parts.fee.fen) >= 0


def case_of(**cells: str) -> NewCase:
    layout = lay_out(1, [*MANDATORY, *cells], Template(), has_source=False)
    reader = LineReader(layout, date(2026, 3, 6))
    maker = CaseMaker(reader, FactReader(layout), BUCKETS, LIMITATION, date(2026, 9, 1))
    row = [*GOOD, *cells.values()]
    assert isinstance(reader.read(row), Line), reader.read(row)
    return maker.make(2, row)


@pytest.mark.parametrize(
    ("cells", "overdue_on", "bucket"),
    [
        ({"逾期日": "2026-01-01", "逾期天数": "3"}, date(2026, 1, 1), "M3+"),
        ({"逾期天数": "45天"}, date(2026, 1, 19), "M2"),
        ({"账龄": "m2"}, date(2026, 2, 2), "M2"),
        ({}, date(2026, 3, 5), "M1"),
    ],
)
def test_how_late_a_case_is_follows_from_the_best_the_sheet_tells(
    cells: dict[str, str], overdue_on: date, bucket: str
) -> None:
    case = case_of(**cells)
    assert (case.overdue_on, case.bucket) == (overdue_on, bucket)
    assert case.limitation_on == overdue_on.replace(year=2029)
    assert case.due_back_on == date(2026, 9, 1)


def test_the_debtors_own_number_stays_hers_when_a_contact_has_it_too() -> None:
    case = case_of(联系人1姓名="测试乙", 联系人1手机="13800000001")
    assert [(phone.number.digits, phone.relation) for phone in case.phones] == [("13800000001", Relation.DEBTOR)]
