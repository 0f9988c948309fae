"""Assist requests (协催): what another hand can help with.

The trade knows more kinds: queries of social security, police and carriers' records. They are illegal queries of
personal information (个人信息保护法; 刑法 art. 253-1), so nobody can ask for them here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from anmi.core.permissions import Words


class AssistKind(StrEnum):
    """What help is asked for."""

    COMPLAINT_WARNING = "complaint_warning"
    SUPERVISOR_HELP = "supervisor_help"
    DISPUTE_ADVICE = "dispute_advice"
    CUSTOMER_SERVICE = "customer_service"
    SMS_REQUEST = "sms_request"
    LETTER_REQUEST = "letter_request"
    RETURNED_LETTER = "returned_letter"


class AssistState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    WITHDRAWN = "withdrawn"


ASSIST_WORDS: Final[dict[AssistKind, Words]] = {
    AssistKind.COMPLAINT_WARNING: Words("投诉预警", "Complaint feared"),
    AssistKind.SUPERVISOR_HELP: Words("主管协催", "Supervisor's help"),
    AssistKind.DISPUTE_ADVICE: Words("争议咨询", "Advice on a dispute"),
    AssistKind.CUSTOMER_SERVICE: Words("客服咨询", "Question to customer service"),
    AssistKind.SMS_REQUEST: Words("短信申请", "Text message wanted"),
    AssistKind.LETTER_REQUEST: Words("信函申请", "Letter wanted"),
    AssistKind.RETURNED_LETTER: Words("退件查询", "Letter came back"),
}

ASSIST_STATE_WORDS: Final[dict[AssistState, Words]] = {
    AssistState.OPEN: Words("待受理", "Open"),
    AssistState.TAKEN: Words("处理中", "Taken"),
    AssistState.DONE: Words("已答复", "Answered"),
    AssistState.WITHDRAWN: Words("已撤回", "Withdrawn"),
}
