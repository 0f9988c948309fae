"""What people read of a call: its parties, its endings, and each line of its journal told as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from anmi.core.call_events import Monitoring, Timer
from anmi.core.call_legs import Ending, Leg, Role
from anmi.core.permissions import Words

ROLE_WORDS: Final[dict[Role, Words]] = {
    Role.DEBTOR: Words("客户", "the debtor"),
    Role.AGENT: Words("坐席", "the agent"),
    Role.SUPERVISOR: Words("班长", "the supervisor"),
    Role.GUEST: Words("受邀方", "the guest"),
}

ENDING_WORDS: Final[dict[Ending, Words]] = {
    Ending.HUNG_UP: Words("挂机", "hung up"),
    Ending.RELEASED: Words("由系统结束", "released by us"),
    Ending.NO_ANSWER: Words("无人接听", "no answer"),
    Ending.TIMED_OUT: Words("振铃超时", "rang in vain"),
    Ending.BUSY: Words("忙线", "busy"),
    Ending.REJECTED: Words("拒接", "rejected"),
    Ending.EMPTY_NUMBER: Words("空号", "empty number"),
    Ending.SUSPENDED: Words("停机", "suspended"),
    Ending.CHANGED: Words("改号", "number changed"),
    Ending.POWERED_OFF: Words("关机", "powered off"),
    Ending.UNREACHABLE: Words("无法接通", "unreachable"),
    Ending.INCOMPLETE_NUMBER: Words("号码不全", "incomplete number"),
    Ending.BARRED: Words("呼叫受限", "barred"),
    Ending.CONGESTED: Words("网络拥塞", "network congested"),
    Ending.MEDIA_LOST: Words("语音中断", "sound lost"),
    Ending.OFFLINE: Words("话机不在线", "phone not there"),
    Ending.FAILED: Words("呼叫失败", "failed"),
}

_MODE_WORDS: Final[dict[Monitoring, Words]] = {
    Monitoring.LISTEN: Words("监听", "listens"),
    Monitoring.WHISPER: Words("耳语", "whispers"),
    Monitoring.BARGE: Words("强插", "barges in"),
}

_TIMER_WORDS: Final[dict[Timer, Words]] = {
    Timer.AGENT_RING: Words("坐席振铃", "the agent's ringing"),
    Timer.DEBTOR_RING: Words("客户振铃", "the debtor's ringing"),
    Timer.GUEST_RING: Words("受邀方振铃", "the guest's ringing"),
    Timer.QUEUE: Words("排队", "waiting for an agent"),
    Timer.AGENT_AWAY: Words("等待坐席话机恢复", "waiting for the agent's phone"),
}

# The braces are filled from the event itself. Keys and free texts are left out: a journal that is shown tells who did
# what, and no digits that somebody pressed.
_TOLD: Final[dict[str, Words]] = {
    "CallAsked": Words("坐席发起呼叫", "An agent asked for the call"),
    "CallArrived": Words("来电到达", "A call arrived"),
    "AgentOffered": Words("分配给坐席", "Offered to an agent"),
    "HangUpAsked": Words("要求挂机", "Asked to hang up"),
    "ForceReleaseAsked": Words("强制拆线", "Asked to release by force"),
    "HoldAsked": Words("要求保持", "Asked to hold"),
    "ResumeAsked": Words("要求恢复通话", "Asked to resume"),
    "KeysAsked": Words("发送按键", "Keys sent"),
    "TransferAsked": Words("要求转接", "Asked to transfer"),
    "TransferConfirmed": Words("确认转接", "Transfer confirmed"),
    "TransferWithdrawn": Words("撤回转接", "Transfer withdrawn"),
    "ConferenceAsked": Words("要求三方通话", "Asked for a conference"),
    "MonitorAsked": Words("班长要求{mode}", "A supervisor asks: {mode}"),
    "MonitorEnded": Words("班长退出", "The supervisor leaves"),
    "TakeOverAsked": Words("班长要求接管", "A supervisor takes over"),
    "DialPermitted": Words("合规闸放行，准许拨打", "The contact gate permits the dial"),
    "DialRefused": Words("合规闸拒绝拨打（{rule_id}）", "The contact gate refuses the dial ({rule_id})"),
    "OwnerFailed": Words("系统故障，通话结束", "A fault of ours ended the call"),
    "EngineLost": Words("话务引擎中断，通话结束", "The engine was lost, and the call with it"),
    "AnnouncementRead": Words("运营商提示音转写：{ending}", "The network's announcement, read: {ending}"),
    "LegCreated": Words("建立{leg}一路", "A leg to {leg} is made"),
    "LegRinging": Words("{leg}振铃", "The phone of {leg} rings"),
    "LegProgressed": Words("听到{leg}一侧的提示音", "Sound from {leg} before the answer"),
    "LegAnswered": Words("{leg}应答", "{leg} answered"),
    "LegEnded": Words("{leg}一路结束：{ending}", "The leg to {leg} ended: {ending}"),
    "LegLost": Words("{leg}话机失联", "The phone of {leg} is gone"),
    "LegBack": Words("{leg}话机恢复", "The phone of {leg} is back"),
    "LegsConnected": Words("{legs}互通", "Connected: {legs}"),
    "RecordingBegan": Words("开始录音", "Recording began"),
    "RecordingFailed": Words("录音失败", "Recording failed"),
    "KeyPressed": Words("{leg}按键", "{leg} pressed a key"),
    "TalkBegan": Words("{leg}开始说话", "{leg} began to speak"),
    "TalkEnded": Words("{leg}停止说话", "{leg} fell silent"),
    "TimerRang": Words("{timer}到时", "Time is up: {timer}"),
}
_UNKNOWN: Final = Words("其他事件", "Something else")


def told(event: Mapping[str, Any]) -> Words:
    """Tell one line of a call's journal in words."""
    words = _TOLD.get(str(event.get("kind")), _UNKNOWN)
    return Words(words.zh.format_map(_filled(event, "zh")), words.en.format_map(_filled(event, "en")))


def _filled(event: Mapping[str, Any], language: str) -> dict[str, str]:
    legs = [_leg(str(name), language) for name in event.get("legs") or ()]
    return {
        "leg": _leg(str(event.get("leg")), language),
        "legs": "、".join(legs) if language == "zh" else ", ".join(legs),
        "ending": _word(ENDING_WORDS, event.get("ending"), language),
        "mode": _word(_MODE_WORDS, event.get("mode"), language),
        "timer": _word(_TIMER_WORDS, event.get("timer"), language),
        "rule_id": str(event.get("rule_id") or ""),
    }


def _leg(name: str, language: str) -> str:
    try:
        return getattr(ROLE_WORDS[Leg.read(name).role], language)
    except ValueError:
        return ""


def _word(words: Mapping[Any, Words], code: object, language: str) -> str:
    return getattr(words[code], language) if code in words else str(code or "")
