"""Alarms: what makes the house look at a live call, what help a debtor's words call for, and who answers.

An alarm that nobody answers in its time goes to the unit above, and from there further up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from anmi.core.inspection.model import Severity
from anmi.core.permissions import Words


class AlarmKind(StrEnum):
    """What an alarm is about."""

    VIOLATION = "violation"
    SIGNAL = "signal"
    """The debtor has said something that calls for help."""
    SILENCE = "silence"
    OVERLONG = "overlong"


class AlarmStatus(StrEnum):
    """The life of an alarm."""

    OPEN = "open"
    ESCALATED = "escalated"
    ANSWERED = "answered"


class AlarmAnswer(StrEnum):
    """What somebody did about an alarm."""

    LISTENED = "listened"
    TALKED_TO = "talked_to"
    RELEASED = "released"
    UNFOUNDED = "unfounded"
    WORK_ORDER = "work_order"


class Help(StrEnum):
    """What is offered when a debtor is in need."""

    PAUSE_CASE = "pause_case"
    HAND_TO_SENIOR = "hand_to_senior"
    WORK_ORDER = "work_order"


class DebtorSignal(StrEnum):
    """What a debtor may say that calls for help; each is a signal of the rule pack."""

    ILLNESS = "illness"
    COMPLAINT = "complaint"
    NOT_ME = "not_me"
    LAWYER = "lawyer"
    DESPAIR = "despair"


@dataclass(frozen=True, slots=True)
class SignalMeaning:
    """What a signal is called, how grave it is, and what helps."""

    words: Words
    severity: Severity
    help: Help


SIGNALS: Final[dict[DebtorSignal, SignalMeaning]] = {
    DebtorSignal.ILLNESS: SignalMeaning(Words("患病", "Illness"), Severity.MAJOR, Help.PAUSE_CASE),
    DebtorSignal.COMPLAINT: SignalMeaning(Words("投诉", "Complaint"), Severity.MAJOR, Help.WORK_ORDER),
    DebtorSignal.NOT_ME: SignalMeaning(Words("非本人借款", "Not my debt"), Severity.MAJOR, Help.WORK_ORDER),
    DebtorSignal.LAWYER: SignalMeaning(Words("律师介入", "Represented by a lawyer"), Severity.MAJOR, Help.PAUSE_CASE),
    DebtorSignal.DESPAIR: SignalMeaning(Words("轻生言论", "Despair"), Severity.CRITICAL, Help.HAND_TO_SENIOR),
}

ALARM_WORDS: Final[dict[AlarmKind, Words]] = {
    AlarmKind.VIOLATION: Words("违规", "Violation"),
    AlarmKind.SIGNAL: Words("客户信号", "Debtor's signal"),
    AlarmKind.SILENCE: Words("长时间静音", "Long silence"),
    AlarmKind.OVERLONG: Words("通话超长", "Overlong call"),
}

UNANSWERED: Final = frozenset({AlarmStatus.OPEN, AlarmStatus.ESCALATED})


def unit_above(unit_id: UUID | None, parents: Mapping[UUID, UUID | None]) -> UUID | None:
    """Return the unit an unanswered alarm goes to; None where there is nobody above."""
    return None if unit_id is None else parents.get(unit_id)
