"""Reads a call from the JSON people send, forgiving in words and strict in shape."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final, cast

from anmi.core.inspection.facts import SHANGHAI
from anmi.core.inspection.model import Call, Facts, Party, Speaker, Turn
from anmi.core.money import Money

_SPEAKERS: Final = {
    Speaker.AGENT: "agent collector staff operator seat caller human_agent"
    " 坐席 座席 催收员 催收方 客服 专员 业务员 员工 调解员 催收",
    Speaker.DEBTOR: "debtor customer client user borrower callee right_party"
    " 客户 债务人 本人 用户 欠款人 借款人 持卡人 机主",
    Speaker.THIRD_PARTY: "third_party thirdparty third contact relative family other 第三人 第三方 联系人 家属 家人",
    Speaker.VOICEBOT: "voicebot bot robot ai ivr assistant 机器人 语音机器人 智能语音",
}
_PARTIES: Final = {
    Party.RIGHT_PARTY: "right_party rightparty rpc debtor self borrower customer confirmed verified 本人 债务人",
    Party.THIRD_PARTY: "third_party thirdparty third tpc contact relative family wrong_party 第三人 第三方 联系人 家属",
}
_BY_SPEAKER: Final = {word: speaker for speaker, words in _SPEAKERS.items() for word in words.split()}
_BY_PARTY: Final = {word: party for party, words in _PARTIES.items() for word in words.split()}


class Unreadable(ValueError):
    """A document that is no call; `code` names what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def call_of(document: object) -> Call:
    """Read one call; raise Unreadable for what has not its shape."""
    if not isinstance(document, dict):
        raise Unreadable("not_an_object", "一行应是一个 JSON 对象")
    call = cast("Mapping[str, object]", document)
    identity = call.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise Unreadable("bad_id", "id 应是字符串或整数")
    turns = call.get("turns")
    if not isinstance(turns, list):
        raise Unreadable("bad_turns", "turns 应是列表")
    return Call(
        str(identity),
        _instant(call.get("started_at")),
        _BY_PARTY.get(_word(call.get("party")), Party.UNKNOWN),
        tuple(_turn(turn) for turn in cast("list[object]", turns)),
        _facts(call.get("facts")),
    )


def _turn(value: object) -> Turn:
    if not isinstance(value, dict):
        raise Unreadable("bad_turns", "turns 的每一项应是 JSON 对象")
    turn = cast("Mapping[str, object]", value)
    text = turn.get("text")
    if not isinstance(text, str):
        raise Unreadable("bad_text", "text 应是字符串")
    speaker = _BY_SPEAKER.get(_word(turn.get("speaker")), Speaker.UNKNOWN)
    return Turn(speaker, text, _seconds(turn.get("start")), _seconds(turn.get("end")))


def _word(value: object) -> str:
    return value.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(value, str) else ""


_FURTHEST_AHEAD: Final = timedelta(days=3 * 366)


def _instant(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Unreadable("bad_started_at", "started_at 应是 ISO 8601 时间")
    try:
        instant = datetime.fromisoformat(value)
        # A time without a zone is the wall clock of the floor.
        local = instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)
        # What is promised must still be a day of the calendar.
        _ = local.astimezone(SHANGHAI) + _FURTHEST_AHEAD
    except (ValueError, OverflowError) as error:
        raise Unreadable("bad_started_at", f"started_at 不是 ISO 8601 时间：{value[:40]}") from error
    return local


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise Unreadable("bad_time", "start 和 end 应是不小于 0 的秒数")
    return float(value)


def _facts(value: object) -> Facts:
    if value is None:
        return Facts()
    if not isinstance(value, dict):
        raise Unreadable("bad_facts", "facts 应是 JSON 对象")
    facts = cast("Mapping[str, object]", value)
    accounts = facts.get("payee_accounts")
    return Facts(
        owing=_money(facts, "owing"),
        due_now=_money(facts, "due_now"),
        days_past_due=_count(facts, "days_past_due", "dpd"),
        concession_approved=_flag(facts, "concession_approved"),
        payee_accounts=tuple(str(account) for account in cast("list[object]", accounts))
        if isinstance(accounts, list)
        else (),
        calls_today=_count(facts, "calls_today"),
        attempts_today=_count(facts, "attempts_today"),
        hours_agreed=_flag(facts, "hours_agreed") is True,
        in_house=_flag(facts, "in_house") is True,
        inbound=_flag(facts, "inbound") is True or _word(facts.get("direction")) in {"inbound", "in"},
        ended_by_agent=_flag(facts, "ended_by_agent") is True or _word(facts.get("ended_by")) == "agent",
    )


def _money(facts: Mapping[str, object], name: str) -> Money | None:
    fen = facts.get(f"{name}_fen")
    if isinstance(fen, int) and not isinstance(fen, bool):
        return Money(fen)
    yuan = facts.get(name)
    if yuan is None or isinstance(yuan, bool):
        return None
    try:
        return Money(int(Decimal(str(yuan)).quantize(Decimal("0.01")) * 100))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise Unreadable("bad_facts", f"facts.{name} 应是以元计的金额") from error


def _count(facts: Mapping[str, object], *names: str) -> int | None:
    for name in names:
        value = facts.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _flag(facts: Mapping[str, object], name: str) -> bool | None:
    value = facts.get(name)
    return value if isinstance(value, bool) else None
