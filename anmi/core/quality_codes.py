"""What inspection can find: violations V01 to V22 and what a good call says, P01 to P14, in both languages.

The violations follow GB/T 45251-2025 and the self-discipline rules of the trade; the rule pack names their sources.
"""

from __future__ import annotations

from typing import Final

from anmi.core.permissions import Words

VIOLATIONS: Final[dict[str, Words]] = {
    "V01": Words("威胁恐吓", "Threats"),
    "V02": Words("辱骂侮辱", "Insults"),
    "V03": Words("冒充公检法、银行或律师", "Posing as police, court, bank or lawyer"),
    "V04": Words("向第三方泄露债务", "Debt disclosed to a third party"),
    "V05": Words("要求第三方代偿", "Payment demanded from a third party"),
    "V06": Words("虚构或夸大后果", "Consequences invented or exaggerated"),
    "V07": Words("虚假或越权承诺", "False promises, or beyond authority"),
    "V08": Words("诱导以贷还贷", "Urged to borrow in order to pay"),
    "V09": Words("私收还款或额外费用", "Payment to oneself, or extra fees"),
    "V10": Words("私联渠道", "Private channels of contact"),
    "V11": Words("频繁骚扰", "Harassment by frequency"),
    "V12": Words("时段违规", "Outside the permitted hours"),
    "V13": Words("未表明身份", "Identity not stated"),
    "V14": Words("未核实本人即披露", "Disclosed before verification"),
    "V15": Words("未告知录音", "Recording not announced"),
    "V16": Words("威胁曝光、张贴或上门", "Threat to expose, post up or visit"),
    "V17": Words("歧视、人身攻击或刺探隐私", "Discrimination or prying"),
    "V18": Words("抢话、静音或先挂断", "Talking over, dead air, hanging up first"),
    "V19": Words("金额或利率表述错误", "Wrong sum or rate stated"),
    "V20": Words("忽视投诉、停催或特殊情况", "Complaint, cease request or special case ignored"),
    "V21": Words("忽视异议或冒名", "Dispute or identity fraud ignored"),
    "V22": Words("轻生言论处置不当", "Talk of self-harm mishandled"),
}

POSITIVES: Final[dict[str, Words]] = {
    "P01": Words("开场白与机构身份", "Opening and who is calling"),
    "P02": Words("核实本人", "Verified the right party"),
    "P03": Words("录音告知", "Recording announced"),
    "P04": Words("来电目的与欠款说明", "Purpose and debt explained"),
    "P05": Words("客观说明后果", "Consequences stated fairly"),
    "P06": Words("询问原因与还款能力", "Asked for reason and means"),
    "P07": Words("协商方案", "Offered a plan"),
    "P08": Words("复述确认承诺", "Promise repeated and confirmed"),
    "P09": Words("官方还款渠道", "Official way to pay"),
    "P10": Words("告知异议与投诉渠道", "Told how to dispute and complain"),
    "P11": Words("约定下次联系", "Next contact agreed"),
    "P12": Words("文明结束语", "Courteous ending"),
    "P13": Words("智能语音身份告知与转人工", "Voicebot said what it is and offered a person"),
    "P14": Words("第三方通话仅请转告", "Third party only asked to pass it on"),
}

FINDING_WORDS: Final[dict[str, Words]] = VIOLATIONS | POSITIVES
