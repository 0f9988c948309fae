"""The columns of the sheets that follow a placement: recalls, numbers, addresses, balances, payments, answers.

Each row names its case by 个案序列号, and by 委案日期 where a number stands twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anmi.core.placement_sheet.columns import STRONG_WORDS, WEAK_WORDS, Column, header_key, header_keys


class ListKind(StrEnum):
    """What such a sheet holds."""

    RECALLS = "recalls"
    PHONES = "phones"
    ADDRESSES = "addresses"
    BALANCES = "balances"
    PAYMENTS = "payments"
    CONCESSIONS = "concessions"


class Item(StrEnum):
    """The columns of these sheets."""

    CASE_NO = "个案序列号"
    PLACED_ON = "委案日期"
    NOTE = "备注"
    PHONE = "电话"
    NAME = "姓名"
    RELATION = "关系"
    SOURCE = "联系方式来源"
    ADDRESS = "地址"
    KIND = "类型"
    OWING = "最新欠款金额"
    PRINCIPAL = "本金"
    INTEREST = "利息"
    PENALTY = "违约金"
    FEE = "费用"
    PAID = "还款金额"
    PAID_ON = "还款日期"
    PAYER = "还款人"
    METHOD = "还款方式"
    REFERENCE = "流水号"
    APPROVED = "批复还款金额"
    VALID_UNTIL = "有效期"
    ANSWER = "减免结果"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns of one kind of sheet: those that must be there, and those that may."""

    mandatory: tuple[Item, ...]
    optional: tuple[Item, ...]


VOCABULARIES: Final[Mapping[ListKind, Vocabulary]] = {
    ListKind.RECALLS: Vocabulary((Item.CASE_NO,), (Item.PLACED_ON, Item.NOTE)),
    ListKind.PHONES: Vocabulary(
        (Item.CASE_NO, Item.PHONE, Item.SOURCE), (Item.PLACED_ON, Item.NAME, Item.RELATION, Item.KIND)
    ),
    ListKind.ADDRESSES: Vocabulary((Item.CASE_NO, Item.ADDRESS, Item.SOURCE), (Item.PLACED_ON, Item.KIND)),
    ListKind.BALANCES: Vocabulary(
        (Item.CASE_NO, Item.OWING), (Item.PLACED_ON, Item.PRINCIPAL, Item.INTEREST, Item.PENALTY, Item.FEE)
    ),
    ListKind.PAYMENTS: Vocabulary(
        (Item.CASE_NO, Item.PAID, Item.PAID_ON),
        (Item.PLACED_ON, Item.PAYER, Item.METHOD, Item.REFERENCE, Item.NOTE),
    ),
    ListKind.CONCESSIONS: Vocabulary(
        (Item.CASE_NO, Item.APPROVED, Item.VALID_UNTIL), (Item.PLACED_ON, Item.ANSWER, Item.NOTE)
    ),
}

_OWN_WORDS: Final[Mapping[Item, str]] = {
    Item.NOTE: "备注 原因 退案原因 撤案原因 说明 remark note reason",
    Item.PHONE: "电话 电话号码 手机 手机号 手机号码 联系电话 号码 联系方式 phone phone_no mobile",
    Item.NAME: "姓名 联系人 联系人姓名 对象姓名 name",
    Item.RELATION: "关系 与本人关系 与债务人关系 联系人关系 relation",
    Item.ADDRESS: "地址 详细地址 联系地址 家庭地址 单位地址 address",
    Item.KIND: "类型 电话类型 地址类型 号码类型 类别 kind type",
    Item.OWING: "最新欠款金额 最新欠款 欠款金额 欠款总额 当前欠款 剩余欠款 应还总额 委案余额 owing balance",
    Item.PRINCIPAL: "本金 剩余本金 本金余额 principal",
    Item.INTEREST: "利息 欠息 逾期利息 interest",
    Item.PENALTY: "违约金 罚息 滞纳金 逾期罚息 penalty",
    Item.FEE: "费用 服务费 年费 超限费 其他费用 手续费 fee",
    Item.PAID: "还款金额 实还金额 实际还款金额 回款金额 还款额 到账金额 入账金额 cp金额 金额 paid amount paid_amount",
    Item.PAID_ON: """
        还款日期 还款日 还款时间 实还日期 实际还款日期 回款日期 到账日期 入账日期 交易日期 cp日期 日期 paid_on
        payment_date date
    """,
    Item.PAYER: "还款人 付款人 汇款人 付款户名 还款人姓名 付款人姓名 对方户名 payer",
    Item.METHOD: "还款方式 还款渠道 付款方式 支付方式 回款方式 渠道 method channel",
    Item.REFERENCE: "流水号 交易流水号 还款流水号 银行流水号 交易号 凭证号 交易编号 reference transaction_no serial",
    Item.APPROVED: """
        批复还款金额 批复金额 同意还款金额 批准还款金额 批复应还金额 减免后应还金额 减免后金额 结清金额 应还金额
        approved approved_amount
    """,
    Item.VALID_UNTIL: "有效期 有效期至 有效日期 批复有效期 截止日期 失效日期 有效截止日 valid_until expires_on",
    Item.ANSWER: "减免结果 批复结果 审批结果 批复意见 审批意见 答复 结果 answer result",
}
# What is called the same in a case sheet is called so here too.
_SHARED: Final = {Item.CASE_NO: Column.CASE_NO, Item.PLACED_ON: Column.PLACED_ON, Item.SOURCE: Column.SOURCE}
SUMMED: Final = (Item.PENALTY, Item.FEE)


def words_of(item: Item) -> tuple[str, ...]:
    """Return the names of a column, the surest first."""
    if item in _SHARED:
        column = _SHARED[item]
        return (*STRONG_WORDS[column], *WEAK_WORDS.get(column, ()))
    return tuple(_OWN_WORDS[item].split())


def places_of(kind: ListKind, labels: tuple[str, ...], named: Mapping[str, str]) -> dict[Item, tuple[int, ...]]:
    """Return where each column stands; `named` says by hand which header is which column."""
    vocabulary = VOCABULARIES[kind]
    found: dict[Item, tuple[int, ...]] = {}
    taken: set[int] = set()
    for item in (*vocabulary.mandatory, *vocabulary.optional):
        words = [header_key(named[item])] if item in named else [header_key(word) for word in words_of(item)]
        ranks = {word: rank for rank, word in reversed(list(enumerate(words)))}
        places = sorted(
            (min(ranks[key] for key in header_keys(label) if key in ranks), place)
            for place, label in enumerate(labels)
            if place not in taken and any(key in ranks for key in header_keys(label))
        )
        if places:
            chosen = tuple(place for _, place in places) if item in SUMMED else (places[0][1],)
            found[item] = chosen
            taken.update(chosen)
    return found
