"""The hours of the day, the days of the festival, and how often is too often."""

from __future__ import annotations

from datetime import datetime, timedelta

from anmi.core.calendar import in_china, start_of
from anmi.core.contact_rules.facts import Channel, DialingMode, Outcome
from anmi.core.contact_rules.scene import Scene
from anmi.core.contact_rules.values import Caps, ClosedHours, FestivalDays, LeastTime
from anmi.core.contact_rules.verdicts import Bar, Reason

_INTERACTIVE = frozenset({Channel.VOICE_INTERACTIVE})
_NOBODY_AT_HAND = frozenset({DialingMode.PROGRESSIVE, DialingMode.PREDICTIVE})
_ONE_DAY = timedelta(days=1)


def hours_ban(hours: ClosedHours, scene: Scene) -> Bar | None:
    # Rule HOURS_BAN: GB/T 45251-2025. We know no exception by agreement: stricter, and nothing to argue about.
    if not hours.includes(scene.at.time()):
        return None
    opening = scene.at.replace(hour=hours.end.hour, minute=hours.end.minute, second=0, microsecond=0)
    return Bar(Reason.OUTSIDE_CALLING_WINDOW, opening if opening > scene.at else opening + _ONE_DAY)


def festival_ban(days: FestivalDays, scene: Scene) -> Bar | None:
    day = scene.today
    while scene.facts.calendar.is_around_new_year(day, days.first, days.last) and not scene.is_reminder_due(day):
        day += _ONE_DAY
    return Bar(Reason.SPRING_FESTIVAL, start_of(day)) if day > scene.today else None


def call_effective_cap(caps: Caps, scene: Scene) -> Bar | None:
    # Rule CALL_EFFECTIVE_CAP: people and voicebots, all cases and creditors of the debtor summed up.
    if not scene.attempt.party.is_liable:
        return None
    return scene.used_up(caps, scene.effective_calls(_INTERACTIVE), Reason.EFFECTIVE_CALLS_USED_UP)


def call_effective_cap_week(caps: Caps, scene: Scene) -> Bar | None:
    if not scene.attempt.party.is_liable:
        return None
    return scene.used_up(caps, scene.effective_calls(_INTERACTIVE), Reason.EFFECTIVE_CALLS_OF_WEEK_USED_UP)


def call_attempt_cap(caps: Caps, scene: Scene) -> Bar | None:
    # Rule CALL_ATTEMPT_CAP speaks of unanswered calls; we count every one, so that no outcome need be argued.
    number = scene.attempt.point.point_id
    times = [past.at for past in scene.calls if past.point_id == number]
    return scene.used_up(caps, times, Reason.ATTEMPTS_ON_NUMBER_USED_UP)


def call_min_gap(gap: LeastTime, scene: Scene) -> Bar | None:
    return _not_before(gap, [past.at for past in scene.calls], scene, Reason.TOO_SOON_AFTER_LAST_CALL)


def abandoned_preview(gap: LeastTime, scene: Scene) -> Bar | None:
    # Who was called and met nobody is called next by somebody who is already there.
    if scene.attempt.mode not in _NOBODY_AT_HAND:
        return None
    number = scene.attempt.point.point_id
    times = [past.at for past in scene.calls if past.outcome is Outcome.ABANDONED and past.point_id == number]
    return _not_before(gap, times, scene, Reason.ABANDONED_CALL_BEFORE)


def sms_cap(caps: Caps, scene: Scene) -> Bar | None:
    return scene.used_up(caps, scene.sent(Channel.SMS), Reason.MESSAGES_USED_UP)


def letter_cap(caps: Caps, scene: Scene) -> Bar | None:
    return scene.used_up(caps, scene.sent(Channel.LETTER), Reason.LETTERS_USED_UP)


def _not_before(gap: LeastTime, times: list[datetime], scene: Scene, reason: Reason) -> Bar | None:
    if not times:
        return None
    until = in_china(max(times)) + gap.passed
    return Bar(reason, until) if until > scene.at else None
