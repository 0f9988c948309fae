"""Whoever does not owe: asked only where the law opens the way, told nothing, left alone when they say so."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from anmi.core.calendar import in_china, start_of
from anmi.core.contact_rules.facts import VOICE, WRITTEN, HoldReason, Outcome, Purpose, Relation
from anmi.core.contact_rules.scene import Scene
from anmi.core.contact_rules.values import Caps, OutOfReach, Required
from anmi.core.contact_rules.verdicts import Bar, Reason

_OWING_PURPOSES = frozenset({Purpose.COLLECT, Purpose.REMIND})
_TAKEN_UP = frozenset({Outcome.EFFECTIVE, Outcome.ANSWERED, Outcome.ABANDONED})
_ONE_DAY = timedelta(days=1)


def third_no_collect(_: Required, scene: Scene) -> Bar | None:
    # Rules THIRD_NO_COLLECT and THIRD_CONTENT: only who offers to pay may be spoken to about paying.
    party = scene.attempt.party
    if party.is_liable or party.offered_to_pay or scene.attempt.purpose not in _OWING_PURPOSES:
        return None
    return Bar(Reason.THIRD_PARTY_OWES_NOTHING, None)


def third_related(_: Required, scene: Scene) -> Bar | None:
    # Rule THIRD_RELATED: whoever has nothing to do with the debt is never dunned, not even on an offer.
    is_unrelated = scene.attempt.party.relation is Relation.UNRELATED_THIRD_PARTY
    if is_unrelated and scene.attempt.purpose in _OWING_PURPOSES:
        return Bar(Reason.UNRELATED_THIRD_PARTY, None)
    return None


def third_stop(_: Required, scene: Scene) -> Bar | None:
    # Rule THIRD_STOP: for good. A debtor's own request is a hold (cease_request) and is weighed there.
    party = scene.attempt.party
    return Bar(Reason.ASKED_TO_STOP, None) if party.asked_to_stop and party.relation is not Relation.DEBTOR else None


def third_call_cap(caps: Caps, scene: Scene) -> Bar | None:
    if scene.attempt.party.is_liable:
        return None
    return scene.used_up(caps, scene.effective_calls(), Reason.THIRD_PARTY_CALLS_USED_UP)


def third_gate(ways: OutOfReach, scene: Scene) -> Bar | None:
    # Rules THIRD_GATE_GBT (the grounds) and THIRD_GATE_BA (what 失联 means).
    if scene.attempt.party.is_liable or _has_ground(ways, scene):
        return None
    if "out_of_reach" not in ways.grounds:
        return Bar(Reason.DEBTOR_CAN_BE_REACHED, None)
    since = _out_of_reach_since(ways, scene)
    if since is not None and since <= scene.at:
        return None
    return Bar(Reason.DEBTOR_CAN_BE_REACHED, since)


def _has_ground(ways: OutOfReach, scene: Scene) -> bool:
    facts = scene.facts
    grounds = {flag.kind for flag in facts.flags}
    if any(hold.reason is HoldReason.DECEASED for hold in facts.holds):
        grounds.add("deceased")
    if facts.debtor_numbers and all(state in ways.dead_states for state in facts.debtor_numbers):
        grounds.add("out_of_reach")
    return not ways.grounds.isdisjoint(grounds)


def _out_of_reach_since(ways: OutOfReach, scene: Scene) -> datetime | None:
    """Return the midnight from which the debtor counts as out of reach, after the day of the last try it takes."""
    reached, missed = _tries(scene)
    misses = sorted(at for at in missed if reached is None or at > reached)
    last_days: list[date] = []
    if len(misses) >= ways.unanswered_in_a_row:
        last_days.append(in_china(misses[ways.unanswered_in_a_row - 1]).date())
    run = 0
    before: date | None = None
    for day in sorted({in_china(at).date() for at in misses}):
        if reached is not None and day == in_china(reached).date():
            continue
        run = run + 1 if before is not None and day - before == _ONE_DAY else 1
        before = day
        if run == ways.unanswered_days:
            last_days.append(day)
            break
    return start_of(min(last_days) + _ONE_DAY) if last_days else None


def _tries(scene: Scene) -> tuple[datetime | None, list[datetime]]:
    """Return when the debtor last came into reach, and when our calls to him went unanswered."""
    reached: datetime | None = None
    missed: list[datetime] = []
    for past in scene.facts.history:
        if past.relation is not Relation.DEBTOR:
            continue
        if past.is_incoming or (past.channel not in WRITTEN and past.outcome in _TAKEN_UP):
            reached = past.at if reached is None else max(reached, past.at)
        elif past.channel in VOICE and past.outcome is Outcome.UNANSWERED:
            missed.append(past.at)
    return reached, missed
