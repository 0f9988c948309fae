"""What stands in the way whatever the clock says: the case, its holds and flags, the number, and who would call."""

from __future__ import annotations

from datetime import datetime, timedelta

from anmi.core.calendar import in_china, start_of
from anmi.core.case_life import Capability, may
from anmi.core.contact_rules.facts import (
    WRITTEN,
    CallerKind,
    Channel,
    Effect,
    HoldReason,
    PlacementState,
    SpecialFlag,
)
from anmi.core.contact_rules.scene import Scene
from anmi.core.contact_rules.values import AllowedOnly, AtLeast, Effects, NeverDialed, Required
from anmi.core.contact_rules.verdicts import Bar, Reason, longest

_NEEDS = {
    Channel.VOICE_INTERACTIVE: Capability.CALL,
    Channel.VOICE_INFORM: Capability.CALL,
    Channel.SMS: Capability.SEND_SMS,
    Channel.LETTER: Capability.SEND_LETTER,
    Channel.VISIT: Capability.VISIT,
}
# The law opens the way to a contact person exactly because the debtor is dead or lacks legal capacity.
_OPENS_THE_WAY = frozenset({"deceased", "no_capacity"})


def case_state(_: Required, scene: Scene) -> Bar | None:
    if may(scene.facts.case_state, _NEEDS[scene.attempt.channel]):
        return None
    return Bar(Reason.CASE_NOT_AT_WORK, None)


def placement(_: Required, scene: Scene) -> Bar | None:
    return None if scene.facts.placement is PlacementState.ACTIVE else Bar(Reason.PLACEMENT_NOT_ACTIVE, None)


def stop_on_agreement(_: Required, scene: Scene) -> Bar | None:
    # Rule STOP_ON_AGREEMENT: art. 70 of the credit card rules; the reminder of an instalment is no collection.
    if not scene.facts.has_agreement or scene.is_reminder_due(scene.today):
        return None
    return Bar(Reason.AGREEMENT_IN_FORCE, _next_due_day(scene))


def dispute_mark(_: Required, scene: Scene) -> Bar | None:
    # Rule DISPUTE_MARK: art. 69; only the answer to the dispute ends it, no date does.
    if any(hold.reason is HoldReason.DISPUTE for hold in scene.facts.holds):
        return Bar(Reason.DISPUTE_UNDER_REVIEW, None)
    return None


def hold(least: Effects, scene: Scene) -> Bar | None:
    """Weigh every hold by its own effect and by the least effect its reason has."""
    bars: list[Bar] = []
    for standing in scene.facts.holds:
        bars += _bar(standing.effect, standing.until, scene)
        if standing.reason in least.of:
            bars += _bar(least.of[standing.reason][0], standing.until, scene)
    return longest(bars)


def special_group(effects: Effects, scene: Scene) -> Bar | None:
    bars: list[Bar] = []
    for flag in scene.facts.flags:
        if flag.kind in _OPENS_THE_WAY and not scene.attempt.party.is_liable:
            continue
        # A flag the pack does not know is taken as the strictest: somebody meant to protect a person.
        effect, days = effects.of.get(flag.kind, (Effect.STOP, 0))
        bars += _bar(effect, _pause_end(flag, days) if effect is Effect.PAUSE else None, scene)
    return longest(bars)


def contact_source(lawful: AllowedOnly, scene: Scene) -> Bar | None:
    return None if scene.attempt.point.source in lawful.names else Bar(Reason.NO_LAWFUL_SOURCE, None)


def number_state(never: NeverDialed, scene: Scene) -> Bar | None:
    return Bar(Reason.NUMBER_NOT_TO_BE_DIALED, None) if scene.attempt.point.state in never.states else None


def suppression_list(_: Required, scene: Scene) -> Bar | None:
    return Bar(Reason.NUMBER_SUPPRESSED, None) if scene.attempt.point.is_suppressed else None


def training(_: Required, scene: Scene) -> Bar | None:
    caller = scene.attempt.caller
    if caller.kind is not CallerKind.COLLECTOR:
        return None
    valid_until = caller.training_valid_until
    return Bar(Reason.TRAINING_LAPSED, None) if valid_until is None or valid_until < scene.today else None


def phone_record(_: Required, scene: Scene) -> Bar | None:
    return None if scene.attempt.can_record else Bar(Reason.NO_RECORDING, None)


def visit_two(least: AtLeast, scene: Scene) -> Bar | None:
    return Bar(Reason.TOO_FEW_VISITORS, None) if scene.attempt.visitors < least.count else None


def ai_rule(_: Required, scene: Scene) -> Bar | None:
    caller = scene.attempt.caller
    is_alone = caller.kind is CallerKind.VOICEBOT and not caller.can_hand_over
    return Bar(Reason.NO_HANDOVER, None) if is_alone else None


def ai_label(_: Required, scene: Scene) -> Bar | None:
    caller = scene.attempt.caller
    is_silent = caller.kind is CallerKind.VOICEBOT and not caller.announces_ai
    return Bar(Reason.VOICEBOT_NOT_ANNOUNCED, None) if is_silent else None


def _next_due_day(scene: Scene) -> datetime | None:
    days = [day for day in scene.facts.due_on if day > scene.today and scene.is_reminder_due(day)]
    return start_of(min(days)) if days else None


def _bar(effect: Effect, until: datetime | None, scene: Scene) -> list[Bar]:
    """Say what an effect bars; an effect that ends is over at `until`, except STOP, which a person must lift."""
    if effect is Effect.STOP:
        return [Bar(Reason.STOPPED, None)]
    if until is not None and until <= scene.at:
        return []
    attempt = scene.attempt
    match effect:
        case Effect.PAUSE:
            return [Bar(Reason.PAUSED, until)]
        case Effect.HUMAN_ONLY if attempt.caller.kind is not CallerKind.COLLECTOR:
            return [Bar(Reason.HUMANS_ONLY, until)]
        case Effect.WRITTEN_ONLY if attempt.channel not in WRITTEN:
            return [Bar(Reason.IN_WRITING_ONLY, until)]
        case _:
            return []


def _pause_end(flag: SpecialFlag, days: int) -> datetime | None:
    # A pause ends when its days are over and a supervisor has looked at it.
    return in_china(flag.since) + timedelta(days=days) if flag.is_reviewed else None
