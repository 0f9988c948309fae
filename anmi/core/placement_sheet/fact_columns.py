"""The columns of a case sheet beyond the mandatory ones, by what they mean and all the names agencies give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anmi.core.contact_rules.facts import Relation
from anmi.core.placement_sheet.columns import header_key, header_keys


class Fact(StrEnum):
    """What else a sheet may tell of a case."""

    DUE_BACK_ON = "预计退案日"
    ACCOUNT_NO = "账号"
    CONTRACT_NO = "合同编号"
    PRINCIPAL = "剩余本金"
    INTEREST = "逾期利息"
    PENALTY = "逾期罚息"
    FEE = "费用"
    OVERDUE_ON = "逾期日"
    DAYS_PAST_DUE = "逾期天数"
    BUCKET = "逾期账龄"
    CREDIT_LIMIT = "信用额度"
    LOAN_ON = "贷款日期"
    LAST_DUE_ON = "贷款截止日"
    STATEMENT_DAY = "账单日"
    GENDER = "性别"
    PROVINCE = "省份"
    CITY = "城市"


# In order of trust, as with the mandatory columns. PENALTY and FEE are the sums of all their columns.
SUMS: Final = (Fact.PENALTY, Fact.FEE)
_WORDS: Final[dict[Fact, str]] = {
    Fact.DUE_BACK_ON: "预计退案日 预计退案日期 退案日期 退案日 退案时间 委案到期日 委案截止日 委案结束日期 due_back_on",
    Fact.ACCOUNT_NO: "卡号 账号 账户号 银行卡号 信用卡号 借据号 借据编号 贷款账号 账户编号 account_no card_no",
    Fact.CONTRACT_NO: "合同编号 合同号 借款合同编号 借款合同号 贷款合同编号 贷款合同号 信贷合同编号 contract_no",
    Fact.PRINCIPAL: "剩余本金 本金余额 未还本金 欠款本金 本金 逾期本金 principal",
    Fact.INTEREST: "逾期利息 利息 欠息 剩余利息 应收利息 未还利息 interest",
    Fact.PENALTY: "逾期罚息 罚息 未还罚息 复利 违约金 滞纳金 penalty_interest late_charge",
    Fact.FEE: "超限费 逾期管理费 管理费 手续费 服务费 年费 其他费用 费用 逾期费用 fee fees",
    Fact.OVERDUE_ON: "逾期日 逾期日期 逾期起始日 逾期开始日期 首次逾期日 首次逾期日期 最早逾期日 overdue_on",
    Fact.DAYS_PAST_DUE: "逾期天数 当前逾期天数 委案逾期天数 dpd days_past_due",
    Fact.BUCKET: "逾期账龄 账龄 逾期阶段 m值 bucket",
    Fact.CREDIT_LIMIT: "信用额度 授信额度 贷款金额 放款金额 credit_limit",
    Fact.LOAN_ON: "贷款日期 放款日期 借款日期 放款日 开卡日 开卡日期 loan_on",
    Fact.LAST_DUE_ON: "贷款截止日 贷款到期日 贷款到期日期 合同到期日 到期日",
    Fact.STATEMENT_DAY: "账单日 出账日 statement_day",
    Fact.GENDER: "性别 gender sex",
    Fact.PROVINCE: "省份 省 所在省 所在省份 province",
    Fact.CITY: "城市 市 所在城市 所在市 city",
}
RANKS: Final[dict[str, tuple[Fact, int]]] = {
    header_key(word): (fact, rank) for fact, words in _WORDS.items() for rank, word in enumerate(words.split())
}

_OWN_PHONES: Final = {
    "home": re.compile(r"(?:家庭|住宅|家)(?:号码|电话|固话|固定电话|电话号码)[0-9]?"),
    "work": re.compile(r"(?:单位|公司|办公|工作)(?:号码|电话|固话|座机|固定电话|电话号码)[0-9]?"),
    "mobile": re.compile(
        r"(?:其他|备用|第二|本人)?(?:手机|手机号|手机号码|联系电话|电话)[2-9二三四五六]|备用(?:手机|电话)号?码?"
    ),
}
_ADDRESSES: Final = {
    "home": re.compile(r"(?:家庭|住宅|居住|现居住|现居|现住|常住|联系|通讯)?(?:地址|住址)|现住址"),
    "work": re.compile(r"(?:单位|公司|工作)(?:地址|住址)"),
    "registered": re.compile(r"(?:户籍|户口|身份证)(?:所在地)?(?:地址|住址)|户籍所在地"),
    "statement": re.compile(r"(?:对?账单|邮寄|寄送)地址"),
}
_OTHER_PARTY: Final = re.compile(
    r"(?:第?(?P<before>[1-6一二三四五六]))?(?:紧急|家庭|其他|直系)?"
    r"(?P<party>联系人|亲属|家属|担保人|保证人|共同借款人|共借人|共债人|配偶)(?P<after>[1-6一二三四五六])?(?:的)?"
    r"(?P<what>姓名|名字|关系|手机|手机号|手机号码|家庭电话|单位电话|电话|电话号码|联系电话|联系方式)?[0-9]?"
)
_RELATIONS: Final = {
    "担保人": Relation.GUARANTOR,
    "保证人": Relation.GUARANTOR,
    "共同借款人": Relation.CO_DEBTOR,
    "共借人": Relation.CO_DEBTOR,
    "共债人": Relation.CO_DEBTOR,
}
_PHONE_KINDS: Final = {"家庭电话": "home", "单位电话": "work"}
_ORDINALS: Final = dict(zip("一二三四五六", "123456", strict=True))


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody beside the debtor of whom the sheet has columns; `what` is name, relation, or the kind of a phone."""

    word: str
    number: str
    relation: Relation
    what: str


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """A further number of the debtor's own."""

    kind: str


@dataclass(frozen=True, slots=True)
class AddressOf:
    """An address of the debtor's."""

    kind: str


Meaning = Fact | Party | OwnPhone | AddressOf


def meaning_of(label: str) -> tuple[Meaning, int] | None:
    """Return what a header means and how well it says it, the lower the better; None where we do not know."""
    keys = header_keys(label)
    for key in keys:
        if key in RANKS:
            return RANKS[key]
    for key in keys:
        for kind, pattern in _OWN_PHONES.items():
            if pattern.fullmatch(key):
                return OwnPhone(kind), 0
        for kind, pattern in _ADDRESSES.items():
            if pattern.fullmatch(key):
                return AddressOf(kind), 0
        if found := _OTHER_PARTY.fullmatch(key):
            return _party(found), 0
    return None


def _party(found: re.Match[str]) -> Party:
    number = found["before"] or found["after"] or ""
    what = found["what"] or "姓名"
    match what:
        case "姓名" | "名字":
            meant = "name"
        case "关系":
            meant = "relation"
        case _:
            meant = _PHONE_KINDS.get(what, "mobile")
    relation = _RELATIONS.get(found["party"], Relation.RELATED_THIRD_PARTY)
    return Party(found["party"], _ORDINALS.get(number, number), relation, meant)
