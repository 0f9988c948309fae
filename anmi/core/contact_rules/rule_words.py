"""What people call each rule of the contact gate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anmi.core.permissions import Words

RULE_WORDS: Final[Mapping[str, Words]] = {
    "CASE_STATE": Words("案件状态", "State of the case"),
    "PLACEMENT": Words("委案有效", "Placement in force"),
    "SUPPRESSION_LIST": Words("免打扰名单", "Suppression list"),
    "CONTACT_SOURCE": Words("联系方式来源", "Lawful source of the number"),
    "NUMBER_STATE": Words("号码状态", "State of the number"),
    "DISPUTE_MARK": Words("异议核查", "Dispute under review"),
    "HOLD": Words("停催", "Holds"),
    "SPECIAL_GROUP": Words("特殊人群", "Special groups"),
    "STOP_ON_AGREEMENT": Words("分期协议停催", "Stop on agreement"),
    "THIRD_STOP": Words("第三人拒绝联系", "Third party's demand to stop"),
    "THIRD_NO_COLLECT": Words("不得向第三人催收", "No collection from third parties"),
    "THIRD_RELATED": Words("债务无关第三人", "Unrelated third parties"),
    "THIRD_GATE": Words("失联方可联系第三人", "Third parties only when out of reach"),
    "THIRD_CALL_CAP": Words("第三人通话频次", "Calls to a third party"),
    "TRAINING": Words("培训考核", "Training"),
    "PHONE_RECORD": Words("全程录音", "Recording"),
    "VISIT_TWO": Words("外访双人", "Two visitors"),
    "AI_RULE": Words("机器人转人工", "Voicebot hands over"),
    "AI_LABEL": Words("机器人身份声明", "Voicebot says what it is"),
    "HOURS_BAN": Words("禁催时段", "Closed hours"),
    "FESTIVAL_BAN": Words("春节免扰", "Spring Festival"),
    "CALL_EFFECTIVE_CAP": Words("每日有效通话", "Effective calls per day"),
    "CALL_EFFECTIVE_CAP_WEEK": Words("每周有效通话", "Effective calls per week"),
    "CALL_ATTEMPT_CAP": Words("同号拨打次数", "Attempts per number"),
    "CALL_MIN_GAP": Words("最短拨打间隔", "Least gap between calls"),
    "ABANDONED_PREVIEW": Words("呼损后人工预览", "Preview after an abandoned call"),
    "SMS_CAP": Words("短信频次", "Text messages"),
    "LETTER_CAP": Words("信函频次", "Letters"),
}
