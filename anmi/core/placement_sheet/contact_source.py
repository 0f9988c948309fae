"""Where contact details come from: six lawful channels, and the words agencies use for them.

Rule CONTACT_SOURCE (guideline of the China Banking Association, 2026): a number without a lawful source is not dialled.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from anmi.core.placement_sheet.cells import clean


class ContactSource(StrEnum):
    """The six lawful channels."""

    CONTRACT = "contract"
    ON_FILE = "on_file"
    DEBTOR_CONSENT = "debtor_consent"
    PUBLIC = "public"
    NAMED_CONTACT = "named_contact"
    CREDIT_BUREAU = "credit_bureau"

    @property
    def chinese(self) -> str:
        """Return the name of this channel in the guideline."""
        return WORDS[self][0]


# The first word is the official one.
_CONTRACT: Final = """
    合同约定 合同 借款合同 贷款合同 借款合同约定 贷款合同约定 合同载明 合同约定的联系方式 协议约定 协议 借款协议
    贷款协议 信贷合同 领用合约 信用卡领用合约 合约约定 合约 合同预留 合同信息 借款合同预留 contractual agreement
    contract_agreed contract_terms
"""
_ON_FILE: Final = """
    预留信息 预留 预留号码 预留电话 预留手机 预留手机号 预留联系方式 预留资料 本人预留 客户预留 债务人预留
    借款人预留 银行预留 银行预留信息 客户预留信息 债务人预留信息 本人预留信息 申请预留 申请时预留 申请表 申请资料
    申请信息 申请表预留 开户预留 开卡预留 注册预留 注册信息 进件信息 进件资料 进件预留 系统预留 本人提供 客户提供
    债务人提供 本人填写 reserved reserved_info reserved_information preset application reserved_by_debtor
    pre_reserved
"""
_DEBTOR_CONSENT: Final = """
    债务人授权 授权 本人授权 客户授权 借款人授权 持卡人授权 授权书 债务人同意 债务人书面授权 本人书面授权 书面授权
    本人同意 客户同意 经债务人授权 经本人授权 债务人授权提供 authorized authorised authorization debtor_authorized
    debtor_authorised debtor_authorization consent authorized_by_debtor
"""
_PUBLIC: Final = """
    合法公开渠道 公开渠道 合法公开 公开信息 合法公开信息 合法渠道公开 公开 公开查询 工商公示 企业公示 工商公示信息
    企业信用信息公示 国家企业信用信息公示系统 公示信息 合法公开的渠道 官方公开信息 public_channel public_lawful
    lawful_public public_source
"""
_NAMED_CONTACT: Final = """
    预留联系人告知 联系人告知 联系人提供 预留联系人提供 预留联系人 紧急联系人告知 紧急联系人提供 紧急联系人
    合同联系人告知 预留的联系人告知 contact_informed reserved_contact informed_by_contact contact
"""
_CREDIT_BUREAU: Final = """
    授权下通过征信等机构 征信 征信机构 人行征信 央行征信 征信报告 征信授权 授权征信 征信查询 授权查询征信
    经授权征信查询 授权下征信 授权下通过征信机构 授权通过征信等机构 经授权通过征信等机构 授权下通过征信等机构获取
    通过征信等机构 征信等机构 百行征信 朴道征信 bureau credit_reporting credit credit_agency credit_reference
"""
WORDS: Final[dict[ContactSource, tuple[str, ...]]] = {
    ContactSource.CONTRACT: tuple(_CONTRACT.split()),
    ContactSource.ON_FILE: tuple(_ON_FILE.split()),
    ContactSource.DEBTOR_CONSENT: tuple(_DEBTOR_CONSENT.split()),
    ContactSource.PUBLIC: tuple(_PUBLIC.split()),
    ContactSource.NAMED_CONTACT: tuple(_NAMED_CONTACT.split()),
    ContactSource.CREDIT_BUREAU: tuple(_CREDIT_BUREAU.split()),
}

_ORNAMENTS: Final = re.compile(r"[\s_\-—:：,，.。;；()（）\[\]【】\"'“”]+")
_REMARK: Final = re.compile(r"[(\[【].*?[)\]】]")
_BETWEEN: Final = re.compile(r"[/、;,|+\\]")
_ACCORDING_TO: Final = re.compile(r"^(?:根据|依据|按照|按|来源于|来源|来自|通过|经由|经|由)")
_OBTAINED: Final = re.compile(r"(?:获取|取得|获得|查询|得知)$")
_LONGEST: Final = 200
_NUMBERING: Final = re.compile(r"^[(（\[]?[0-9]{1,2}[)）\]]?[.、:：\-_\s]+|^[(（\[][0-9]{1,2}[)）\]]")


def _key(text: str) -> str:
    return _ORNAMENTS.sub("", text).lower()


_SOURCES: Final = {
    _key(word): source for source, words in WORDS.items() for word in (*words, source.value, source.name)
}


@lru_cache(maxsize=4096)
def read_contact_source(text: str) -> ContactSource | None:
    """Return the lawful channel that the text names; None when it names none, or one that is not lawful."""
    if len(text) > _LONGEST:
        return None
    plain = _NUMBERING.sub("", clean(text))
    if source := _named(plain) or _named(_REMARK.sub("", plain)):
        return source
    # Of several channels each must be lawful.
    several = [_named(part) for part in _BETWEEN.split(plain) if part.strip()]
    return several[0] if several and all(several) else None


def _named(text: str) -> ContactSource | None:
    key = _key(text)
    return _SOURCES.get(key) or _SOURCES.get(_OBTAINED.sub("", _ACCORDING_TO.sub("", key)))
