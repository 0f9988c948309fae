"""The words of a check: why a file or a row is refused, and what else somebody should know of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FileReason(StrEnum):
    """Why a whole file is refused."""

    MISSING_COLUMN = "MISSING_COLUMN"
    FILE_EMPTY = "FILE_EMPTY"
    NO_DATA_ROWS = "NO_DATA_ROWS"
    FILE_CORRUPT = "FILE_CORRUPT"
    FILE_ENCRYPTED = "FILE_ENCRYPTED"
    FILE_TYPE_MISMATCH = "FILE_TYPE_MISMATCH"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"


class Reason(StrEnum):
    """Why a row is refused; a refused row lists all of its reasons, in this order."""

    MISSING_REQUIRED = "MISSING_REQUIRED"
    BAD_AMOUNT = "BAD_AMOUNT"
    AMOUNT_NOT_POSITIVE = "AMOUNT_NOT_POSITIVE"
    BAD_DATE = "BAD_DATE"
    BAD_ID_FORMAT = "BAD_ID_FORMAT"
    BAD_ID_CHECKSUM = "BAD_ID_CHECKSUM"
    ID_PRECISION_LOST = "ID_PRECISION_LOST"
    BAD_PHONE = "BAD_PHONE"
    BAD_NAME = "BAD_NAME"
    FORMULA_NO_VALUE = "FORMULA_NO_VALUE"
    DUPLICATE_ROW = "DUPLICATE_ROW"
    MISSING_CONTACT_SOURCE = "MISSING_CONTACT_SOURCE"
    BAD_CONTACT_SOURCE = "BAD_CONTACT_SOURCE"
    CASE_UNKNOWN = "CASE_UNKNOWN"
    CASE_TAKES_NO_PAYMENT = "CASE_TAKES_NO_PAYMENT"
    PAID_IN_FUTURE = "PAID_IN_FUTURE"
    BAD_ANSWER = "BAD_ANSWER"
    NO_CONCESSION_WAITING = "NO_CONCESSION_WAITING"
    OWN_REQUEST = "OWN_REQUEST"
    DEBT_CHANGED = "DEBT_CHANGED"
    APPROVED_OUT_OF_RANGE = "APPROVED_OUT_OF_RANGE"
    VALID_UNTIL_PAST = "VALID_UNTIL_PAST"


class Notice(StrEnum):
    """What somebody should know although nothing is refused for it."""

    UNKNOWN_PHONE_PREFIX = "UNKNOWN_PHONE_PREFIX"
    PHONE_IS_LANDLINE = "PHONE_IS_LANDLINE"
    SEVERAL_PHONES = "SEVERAL_PHONES"
    ID_NOT_CHECKED = "ID_NOT_CHECKED"
    CASE_NO_PRECISION_LOST = "CASE_NO_PRECISION_LOST"
    DATE_IN_FUTURE = "DATE_IN_FUTURE"
    CELLS_WITHOUT_HEADER = "CELLS_WITHOUT_HEADER"
    COLUMN_DROPPED = "COLUMN_DROPPED"
    SHEET_IGNORED = "SHEET_IGNORED"
    HIDDEN_SHEET_IGNORED = "HIDDEN_SHEET_IGNORED"
    EXTERNAL_LINKS_IGNORED = "EXTERNAL_LINKS_IGNORED"
    MACROS_IGNORED = "MACROS_IGNORED"
    ENCODING_DAMAGED = "ENCODING_DAMAGED"


REASON_ORDER: Final = {reason: place for place, reason in enumerate(Reason)}

# One sentence per code: Chinese, English.
SENTENCES: Final[dict[FileReason | Reason | Notice, tuple[str, str]]] = {
    FileReason.MISSING_COLUMN: ("缺少必需的列", "Mandatory columns are missing"),
    FileReason.FILE_EMPTY: ("文件是空的", "The file is empty"),
    FileReason.NO_DATA_ROWS: ("表头下面没有案件数据", "There are no cases below the header"),
    FileReason.FILE_CORRUPT: ("文件已损坏，无法读取", "The file is damaged and cannot be read"),
    FileReason.FILE_ENCRYPTED: ("文件已加密，请去除密码后再导入", "The file is encrypted; remove its password first"),
    FileReason.FILE_TYPE_MISMATCH: (
        "文件内容与扩展名不符，或不是支持的表格类型（xlsx、xls、csv）",
        "The content is not what the name says, or not a supported sheet (xlsx, xls, csv)",
    ),
    FileReason.FILE_TOO_LARGE: (
        "文件过大，或展开后超出限度",
        "The file is too large, or grows too large when unpacked",
    ),
    Reason.MISSING_REQUIRED: ("必填项为空", "A mandatory cell is blank"),
    Reason.BAD_AMOUNT: ("金额无法识别，或不是精确到分的人民币金额", "Not an amount of yuan exact to the fen"),
    Reason.AMOUNT_NOT_POSITIVE: ("金额必须大于零", "The amount must be above zero"),
    Reason.BAD_DATE: ("日期无法识别，或有歧义", "Not a date, or an ambiguous one"),
    Reason.BAD_ID_FORMAT: ("证件号格式不正确", "The identity number has a wrong form"),
    Reason.BAD_ID_CHECKSUM: ("证件号校验位不正确", "The identity number's check digit is wrong"),
    Reason.ID_PRECISION_LOST: (
        "证件号被当作数值保存，末几位已丢失，请改为文本后重新导出",
        "The identity number was kept as a number and lost its last digits",
    ),
    Reason.BAD_PHONE: ("电话号码不正确", "Not a Chinese telephone number"),
    Reason.BAD_NAME: ("姓名不正确", "Not a person's name"),
    Reason.FORMULA_NO_VALUE: ("公式没有计算结果，请粘贴为数值", "The formula has no stored value"),
    Reason.DUPLICATE_ROW: ("与前面的行重复", "The same stands in an earlier row"),
    Reason.MISSING_CONTACT_SOURCE: ("缺少联系方式来源", "The source of the contact details is missing"),
    Reason.BAD_CONTACT_SOURCE: (
        "联系方式来源不在合法来源之列",
        "The source of the contact details is not lawful",
    ),
    Reason.CASE_UNKNOWN: ("该批次没有这个案件", "The placement has no such case"),
    Reason.CASE_TAKES_NO_PAYMENT: ("案件当前状态不能入账", "The state of the case takes no payment"),
    Reason.PAID_IN_FUTURE: ("还款日期晚于今天", "The day of payment lies in the future"),
    Reason.BAD_ANSWER: ("减免结果无法识别，请填“同意”或“拒绝”", "The answer is neither an approval nor a refusal"),
    Reason.NO_CONCESSION_WAITING: ("案件没有待委托方答复的减免", "No concession of the case waits for the creditor"),
    Reason.OWN_REQUEST: (
        "减免由上传人本人申请，需由他人导入答复",
        "Whoever asked for a concession does not bring its answer",
    ),
    Reason.DEBT_CHANGED: (
        "申请后欠款已变化，请重新申请减免",
        "The debt has changed since the concession was asked for",
    ),
    Reason.APPROVED_OUT_OF_RANGE: ("批复还款金额超过欠款", "The sum approved is more than what is owed"),
    Reason.VALID_UNTIL_PAST: ("有效期已过", "The answer has run out already"),
    Notice.UNKNOWN_PHONE_PREFIX: ("号段未知，请留意", "The number's prefix is not known"),
    Notice.PHONE_IS_LANDLINE: ("本人手机填的是固定电话", "The debtor's mobile is a landline"),
    Notice.SEVERAL_PHONES: (
        "一格有多个号码，取第一个有效号码",
        "Several numbers in a cell; the first valid one counts",
    ),
    Notice.ID_NOT_CHECKED: (
        "证件类型不是居民身份证，未作校验",
        "Not a resident identity card; the number is not verified",
    ),
    Notice.CASE_NO_PRECISION_LOST: (
        "个案序列号被当作数值保存，可能丢失末几位",
        "The case number was kept as a number and may have lost digits",
    ),
    Notice.DATE_IN_FUTURE: ("委案日期晚于今天", "The placement date lies in the future"),
    Notice.CELLS_WITHOUT_HEADER: ("有数据落在没有表头的列，未读取", "Cells without a header above them are not read"),
    Notice.COLUMN_DROPPED: ("依法不予保存的列，已丢弃", "A column that the law does not let us keep is dropped"),
    Notice.SHEET_IGNORED: ("另有工作表也含委案表头，未读取", "Another sheet with such a header is not read"),
    Notice.HIDDEN_SHEET_IGNORED: ("隐藏的工作表未读取", "A hidden sheet is not read"),
    Notice.EXTERNAL_LINKS_IGNORED: (
        "文件含外部链接，未访问，仅用已存的值",
        "External links are not followed",
    ),
    Notice.MACROS_IGNORED: ("文件含宏，未运行", "The macros in this file are not run"),
    Notice.ENCODING_DAMAGED: ("个别字符无法解码", "Some characters cannot be decoded"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what, and where. Personal data is never repeated in it."""

    code: FileReason | Reason | Notice
    row: int | None = None
    column: str = ""
    about: str = ""

    @property
    def refuses(self) -> bool:
        """Say whether a row or the file is refused for this."""
        return not isinstance(self.code, Notice)

    def sentence(self, english: bool = False) -> str:
        """Say it in Chinese, or in English."""
        text = SENTENCES[self.code][1 if english else 0]
        if not self.about:
            return text
        return f"{text}: {self.about}" if english else f"{text}：{self.about}"
