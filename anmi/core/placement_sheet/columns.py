"""The columns of a case sheet: seven that must be there, those we know, those we may not keep, and all their names."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """The columns that a check reads; the first seven are mandatory."""

    CASE_NO = "个案序列号"
    PLACED_ON = "委案日期"
    AMOUNT = "委案金额"
    NAME = "姓名"
    ID_NUMBER = "证件号"
    PHONE = "本人手机"
    SOURCE = "联系方式来源"
    ID_TYPE = "证件类型"
    CURRENCY = "币种"


MANDATORY: Final = tuple(Column)[:7]

# In order of trust: an earlier word wins over a later one. Words may stand behind a party ("客户", "借款人"…).
_CASE_NO: Final = """
    个案序列号 案件序列号 个案编号 案件编号 案件号 个案号 案号 案件id 个案id 案件编码 个案编码 案件流水号 个案流水号
    委案编号 委案序列号 委托编号 委外编号 案件唯一编号 案件唯一标识 案件标识 case_no case_id case_number case_serial
    case_serial_no caseno caseid
"""
_PLACED_ON: Final = """
    委案日期 委托日期 委案日 委案时间 委外日期 委托时间 委外时间 委派日期 委派时间 派案日期 派案时间 交案日期
    收案日期 移交日期 委案起始日 委案起始日期 委案开始日期 委托开始日期 委托起始日期 委案起日 placement_date
    placed_on entrust_date placed_date assign_date
"""
_AMOUNT: Final = """
    委案金额 委托金额 委案总金额 委案总额 委托总金额 委托总额 委外金额 委外总金额 委外总额 委派金额 委案本息
    委案欠款 委案欠款金额 委案余额 案件金额 案件总金额 委托催收金额 催收金额 placement_amount placed_amount
    entrust_amount case_amount
"""
_NAME: Final = """
    姓名 名字 名称 客户 债务人 借款人 持卡人 主借人 主借款人 欠款人 被催收人 案人 户名 客户名 name full_name
    debtor_name customer_name borrower_name debtor
"""
_ID_NUMBER: Final = """
    证件号 证件号码 身份证号 身份证号码 身份证 身份证件号 身份证件号码 居民身份证号 居民身份证号码 居民身份证
    公民身份号码 公民身份证号码 证件编号 二代身份证号 身份号码 证件 证号 id_number id_no id_card id_card_no
    id_card_number idcard idno identity_number identity_no cert_no certificate_no national_id
"""
_PHONE: Final = """
    本人手机 本人手机号 本人手机号码 手机 手机号 手机号码 移动电话 移动电话号码 手机电话 手机1 手机号1 手机号码1
    本人手机1 本人手机号1 本人电话 本人号码 本人联系电话 本人联系方式 预留手机 预留手机号 预留手机号码 注册手机
    注册手机号 注册手机号码 联系手机 联系手机号 联系手机号码 联系电话 联系号码 电话号码 电话 联系方式 联系电话1
    电话1 mobile mobile_phone mobile_no mobile_number cellphone phone phone_no phone_number tel telephone
"""
_SOURCE: Final = """
    联系方式来源 联系方式来源渠道 联系方式合法来源 联系方式获取渠道 联系方式获取途径 联系方式获取方式
    联系方式取得渠道 联系信息来源 联系电话来源 联系渠道来源 号码来源 号码来源渠道 号码获取渠道 号码获取途径 电话来源
    电话号码来源 手机来源 手机号来源 手机号码来源 手机来源渠道 本人手机来源 contact_source phone_source
    source_of_contact contact_info_source
"""
_ID_TYPE: Final = "证件类型 证件种类 身份证件类型 证件类别 id_type cert_type"
_CURRENCY: Final = "币种 币别 货币 委案币种 currency"

# The same words put together in ways that no list can hold; they stand behind the lists.
PATTERNS: Final = {
    Column.CASE_NO: re.compile(
        r"(?:个案|案件|委案|委托|委外)(?:唯一|流水|序列|系统)?(?:序列号|编号|编码|序号|号|号码|id|标识|标识号)"
    ),
    Column.PLACED_ON: re.compile(
        r"(?:委案|委托|委外|委派|派案|派单|交案|收案|移交)(?:案件)?(?:起始|开始|起|开案)?(?:日期|日|时间)"
    ),
    Column.AMOUNT: re.compile(
        r"(?:委案|委托|委外|委派|案件|催收)(?:时)?(?:催收)?(?:总|合计)?(?:欠款)?(?:总)?(?:金额|总额|欠款|余额|本息|本息和)"
    ),
    Column.SOURCE: re.compile(
        r"(?:联系方式|联系信息|联系电话|联系渠道|号码|电话|电话号码|手机|手机号|手机号码|本人手机|本人电话|联系资料)的?(?:合法)?"
        r"(?:来源|信息来源|获取|取得|收集|采集)(?:渠道|途径|方式|类型|类别|说明|依据)?"
    ),
}

# Taken only when nothing better stands in the sheet, since they can mean something else.
_WEAK_CASE_NO: Final = """
    合同编号 合同号 合同号码 借款合同编号 借款合同号 贷款合同编号 贷款合同号 信贷合同编号 信贷合同号 借据号 借据编号
    贷款编号 贷款号 借款编号 借款单号 订单号 订单编号 档案号 申请单号 账户编号 contract_no contract_number loan_no
    loan_id
"""
_WEAK_PLACED_ON: Final = "批次日期 入库日期 接案日期 日期 date"
_WEAK_AMOUNT: Final = """
    欠款总额 欠款总金额 总欠款 总欠款金额 欠款金额 应还总额 应还总金额 应还金额 逾期总额 逾期总金额 金额 amount
    total_amount
"""
_WEAK_SOURCE: Final = "来源 来源渠道 信息来源 数据来源 获取渠道 获取途径 获取方式 source"

STRONG_WORDS: Final[dict[Column, tuple[str, ...]]] = {
    Column.CASE_NO: tuple(_CASE_NO.split()),
    Column.PLACED_ON: tuple(_PLACED_ON.split()),
    Column.AMOUNT: tuple(_AMOUNT.split()),
    Column.NAME: tuple(_NAME.split()),
    Column.ID_NUMBER: tuple(_ID_NUMBER.split()),
    Column.PHONE: tuple(_PHONE.split()),
    Column.SOURCE: tuple(_SOURCE.split()),
    Column.ID_TYPE: tuple(_ID_TYPE.split()),
    Column.CURRENCY: tuple(_CURRENCY.split()),
}
WEAK_WORDS: Final[dict[Column, tuple[str, ...]]] = {
    Column.CASE_NO: tuple(_WEAK_CASE_NO.split()),
    Column.PLACED_ON: tuple(_WEAK_PLACED_ON.split()),
    Column.AMOUNT: tuple(_WEAK_AMOUNT.split()),
    Column.SOURCE: tuple(_WEAK_SOURCE.split()),
}

# Known facts of a case beside the columns above; kept under their own names.
_FACTS: Final = """
    委案期限 预计退案日 催收手别 性别 卡号 账号 合同编号 档案号 申请单号 家庭号码 单位号码 邮箱 生日 年龄 省份 城市
    区县 家庭地址 家庭邮编 单位地址 单位邮编 户籍地址 户籍邮编 对账单地址 对账单邮编 单位名称 案人职位 案人部门 本金
    剩余本金 逾期金额 逾期本金 逾期利息 逾期罚息 逾期管理费 违约金 滞纳金 超限费 保证金 最低还款额 每月还款 贷款利率
    信用额度 固定额度 未出账金额 逾期日 逾期天数 逾期期数 逾期账龄 曾逾期次数 委案期数 已还期数 贷款日期 贷款截止日
    还款日 最后还款金额 最后还款日 最后消费日 最后提现日 开卡日 停卡日 账单日 主副卡 信贷分类 催收分类 业务类型 商品
    商户 开户行 卡类 催收员id 催收区域id m值系数 公司佣金比率 公司佣金金额 原催收记录 备注 备注1 备注2 备注3 备注4
    备注5 备注6 配偶 担保人 车价 车型 牌照号 品牌 车架号 发动机号 经销商 保单到期日
"""
FACTS: Final = frozenset(_FACTS.split())

_CONTACT_FACT: Final = re.compile(
    r"(?:第?[1-6一二三四五六])?联系人[1-6一二三四五六]?(?:姓名|关系|手机|手机号|手机号码|家庭电话|单位电话|地址|单位|电话)"
)
# PIPL 6 (only what is needed) and 28 (sensitive data): what collecting a debt does not ask for, biometrics, and what
# comes of queries that nobody may make (刑法 art. 253-1).
_MAY_NOT_BE_KEPT: Final = re.compile(
    r"(?:本人)?(?:民族|宗教|宗教信仰|政治面貌|党派|婚育史|病史|健康状况|指纹|人脸|人脸信息|面部特征|声纹|虹膜)(?:信息|特征|编码)?"
    r"|(?:社保|公安|户籍|移动|联通|电信|话单|通话详单|行踪|轨迹|定位)(?:查询|定位)?(?:结果|信息|记录|轨迹)"
    r"|(?:腾讯|个人|本人|联系)?(?:qq|扣扣)(?:号|号码|账号)?"
    r"|(?:个人|本人)?(?:社保|社会保障|社会保险)(?:电脑|卡|登记)?(?:号|号码|编号|账号|账户|证号)"
    r"|(?:第?[0-9一二三四五六])?(?:紧急|家庭|其他|直系|预留)?(?:联系人|亲属|亲友|家属|朋友|同事|配偶|父亲|母亲|父母)[0-9一二三四五六]?"
    r"(?:的)?(?:居民)?(?:证件|身份证|身份证件|身份)(?:号|号码|编号)?[0-9]?"
)
_PARTY: Final = re.compile(
    r"^(?:客户|债务人|借款人|持卡人|主借款人|主借人|主贷人|贷款人|案人|用户|本人|欠款人|被催收人|会员)(?:的)?(?=.)"
)
# What is said of a third party must not lose the word that says so.
_THIRD_PARTY: Final = re.compile(
    r"联系人|担保|保证人|共同借款|共借|共债|配偶|亲属|亲友|家属|紧急|第三人|朋友|同事|父|母"
)
_REMARK: Final = re.compile(r"[(\[【{<].*?[)\]】}>]")
# "必填" and its like are said of a column; they do not name it.
_ASKED: Final = re.compile(r"^(?:必填|选填)|(?:必填项?|选填项?|必须|不能为空)$")
_UNIT: Final = re.compile(r"(?:单位)?((?:人民币)?(?:万元|千元|元|分)|人民币|rmb|cny)$")
_FOREIGN_MONEY: Final = re.compile(r"美元|美金|港币|港元|欧元|日元|英镑|外币|usd|hkd|eur|jpy")
# Only the characters of our own words, for sheets from Hong Kong and Taiwan.
_SIMPLIFIED: Final = str.maketrans(
    "個號證電話機來聯繫係額債務戶稱碼總託編時間幣種類渠徑獲約還餘據單檔",
    "个号证电话机来联系系额债务户称码总托编时间币种类渠径获约还余据单档",
)
_LONGEST_HEADER: Final = 200
_ORNAMENTS: Final = re.compile(r"[\s*:;,.?!'\"“”‘’#_/\\|()\[\]【】{}<>\-—、。☆★※]+")


def header_key(label: str) -> str:
    """Return a header as it is compared: plain width, simplified, lower case, nothing but letters and digits."""
    return _ORNAMENTS.sub("", _visible(label)).lower().translate(_SIMPLIFIED)


def header_keys(label: str) -> tuple[str, ...]:
    """Return the ways to read one header, best first: whole, without remarks and unit, without the party."""
    whole = header_key(label)
    if _THIRD_PARTY.search(whole):
        return (whole,)
    bare = header_key(_REMARK.sub("", _visible(label)))
    plain = _UNIT.sub("", _ASKED.sub("", bare))
    keys = [whole, bare, plain, *(_PARTY.sub("", key) for key in (whole, bare, plain))]
    return tuple(key for key in dict.fromkeys(keys) if key)


def unit_word(label: str) -> str | None:
    """Return the unit that an amount's header names: `万元` of `委案金额（单位：万元）`."""
    found = _UNIT.search(header_key(label))
    return found[1] if found else None


def is_foreign_money(label: str) -> bool:
    """Say whether a header names a currency that is not ours."""
    return _FOREIGN_MONEY.search(header_key(label)) is not None


def is_known_fact(key: str) -> bool:
    """Say whether a header names a known fact of a case."""
    return key in FACTS or _CONTACT_FACT.fullmatch(key) is not None


def may_not_be_kept(key: str) -> bool:
    """Say whether a header names what the law does not let us keep."""
    return _MAY_NOT_BE_KEPT.fullmatch(key) is not None


def _visible(label: str) -> str:
    text = unicodedata.normalize("NFKC", label[:_LONGEST_HEADER])
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc"))
