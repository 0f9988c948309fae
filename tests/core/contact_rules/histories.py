"""Random attempts and histories for the gate: cheap to make, dense where the caps bite, all of them synthetic."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from anmi.core.calendar import read_holiday_table
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import (
    Attempt,
    Caller,
    CallerKind,
    Channel,
    ContactPoint,
    DialingMode,
    Effect,
    Facts,
    Hold,
    HoldReason,
    Outcome,
    Party,
    PastContact,
    PlacementState,
    Purpose,
    Relation,
    SpecialFlag,
)
from anmi.core.contact_rules.pack_reader import read_rule_pack
from anmi.core.number_state import NumberState

CASEWORK = Path(__file__).parents[3] / "anmi/casework"
PACK = read_rule_pack(tomllib.loads((CASEWORK / "contact_rule_pack/default.toml").read_text("utf-8")))
CALENDAR = read_holiday_table(tomllib.loads((CASEWORK / "holiday_table/cn.toml").read_text("utf-8")))

DEBTOR = Party("debtor", Relation.DEBTOR)
COLLECTOR = Caller(CallerKind.COLLECTOR, training_valid_until=date(2027, 12, 31))
VOICEBOT = Caller(CallerKind.VOICEBOT, announces_ai=True, can_hand_over=True)
MOBILE = ContactPoint("mobile", "contract", NumberState.ACTIVE)
CLEAN = Facts(State.IN_COLLECTION, PlacementState.ACTIVE, CALENDAR)

_PARTIES = [
    DEBTOR,
    DEBTOR,
    DEBTOR,
    Party("guarantor", Relation.GUARANTOR),
    Party("wife", Relation.RELATED_THIRD_PARTY, offered_to_pay=True),
    Party("uncle", Relation.RELATED_THIRD_PARTY),
    Party("colleague", Relation.UNRELATED_THIRD_PARTY),
    Party("aunt", Relation.RELATED_THIRD_PARTY, asked_to_stop=True),
    Party("neighbour", Relation.UNRELATED_THIRD_PARTY, offered_to_pay=True),
]
_POINTS = [
    MOBILE,
    MOBILE,
    ContactPoint("landline", "public"),
    ContactPoint("old", "on_file", NumberState.EMPTY),
    ContactPoint("unknown", None),
    ContactPoint("quiet", "contract", is_suppressed=True),
]
_CALLERS = [
    COLLECTOR,
    COLLECTOR,
    VOICEBOT,
    Caller(CallerKind.SYSTEM),
    Caller(CallerKind.COLLECTOR, training_valid_until=date(2026, 3, 4)),
    Caller(CallerKind.COLLECTOR),
    Caller(CallerKind.VOICEBOT, announces_ai=True),
    Caller(CallerKind.VOICEBOT, can_hand_over=True),
]
_FLAGS = ["deceased", "no_capacity", "severe_illness", "elderly", "suicidal", "maternity", "unheard_of"]
_FLAGS += ["represented_by_lawyer"]
# Midnights in China: one in the Spring Festival of 2026, one in March. Calls are made by day and the attempt follows
# in the evening, so that the caps bite and not only the gap between two calls.
_LAST_DAYS = [datetime(2026, 2, 20, 16, tzinfo=UTC), datetime(2026, 3, 20, 16, tzinfo=UTC)]


def histories(seed: int, count: int) -> Iterator[tuple[Attempt, Facts]]:
    """Yield `count` attempts with their facts, the same ones for the same seed."""
    dice = random.Random(seed)
    pools = [(last, [_past(dice, last) for _ in range(2000)]) for last in _LAST_DAYS]
    talks = [(last, [past for past in pool if _is_talk(past)]) for last, pool in pools]
    for _ in range(count):
        last, pool = (pools if dice.random() < 0.85 else talks)[dice.random() < 0.7]
        history = tuple(dice.choices(pool, k=int(dice.random() ** 2 * 48)))
        is_plain = dice.random() < 0.7
        yield _attempt(dice, last, is_plain), _facts(dice, last, history, is_plain)


def _is_talk(past: PastContact) -> bool:
    is_spoken = past.channel is Channel.VOICE_INTERACTIVE and past.outcome is Outcome.EFFECTIVE
    return is_spoken and past.relation is Relation.DEBTOR


def _past(dice: random.Random, last: datetime) -> PastContact:
    day = int(dice.random() ** 2 * 12) + 1
    party = dice.choice(_PARTIES)
    return PastContact(
        last - timedelta(days=day) + timedelta(minutes=dice.randrange(8 * 60, 16 * 60)),
        dice.choices(list(Channel), [10, 2, 3, 1, 1])[0],
        party.party_id,
        party.relation,
        dice.choice(_POINTS).point_id,
        dice.choices(list(Outcome), [1, 6, 2, 2, 8])[0],
        is_incoming=dice.random() < 0.08,
    )


def _attempt(dice: random.Random, last: datetime, is_plain: bool) -> Attempt:
    at = last - timedelta(minutes=dice.randrange(0, 10 * 60) if dice.random() < 0.8 else dice.randrange(-14400, 14400))
    channel = dice.choices(list(Channel), [10, 2, 3, 1, 2])[0]
    if is_plain:
        party = _PARTIES[0] if dice.random() < 0.7 else dice.choice(_PARTIES[:6])
        purpose = Purpose.COLLECT if party.is_liable or party.offered_to_pay else Purpose.LOCATE
        caller = dice.choice(_CALLERS[:3])
        return Attempt(
            at, channel, purpose, party, dice.choice(_POINTS[:3]), caller, dice.choice(list(DialingMode)), visitors=2
        )
    return Attempt(
        at,
        channel,
        dice.choice(list(Purpose)),
        dice.choice(_PARTIES),
        dice.choice(_POINTS),
        dice.choice(_CALLERS),
        dice.choice(list(DialingMode)),
        can_record=dice.random() < 0.9,
        visitors=dice.randrange(4),
    )


def _facts(dice: random.Random, last: datetime, history: tuple[PastContact, ...], is_plain: bool) -> Facts:
    numbers = tuple(dice.choices([NumberState.ACTIVE, NumberState.EMPTY, NumberState.SUSPENDED], k=dice.randrange(3)))
    if is_plain:
        return Facts(State.IN_COLLECTION, PlacementState.ACTIVE, CALENDAR, history, debtor_numbers=numbers)
    soon = last + timedelta(hours=dice.randrange(-72, 240))
    holds = [Hold(dice.choice(list(HoldReason)), dice.choice(list(Effect)), dice.choice([None, soon]))]
    flags = [SpecialFlag(dice.choice(_FLAGS), last - timedelta(days=dice.randrange(120)), dice.random() < 0.7)]
    return Facts(
        State.IN_COLLECTION if dice.random() < 0.6 else dice.choice(list(State)),
        PlacementState.ACTIVE if dice.random() < 0.9 else dice.choice(list(PlacementState)),
        CALENDAR,
        history,
        tuple(holds) if dice.random() < 0.25 else (),
        tuple(flags) if dice.random() < 0.35 else (),
        numbers,
        frozenset({last.date(), (last - timedelta(days=1)).date()}) if dice.random() < 0.5 else frozenset(),
        has_agreement=dice.random() < 0.1,
    )
