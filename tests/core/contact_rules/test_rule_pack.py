"""Rules are dated data: anybody may tighten them, nobody may loosen them, and what cannot be read is named."""

from __future__ import annotations

import copy
import tomllib
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from anmi.core.calendar import CHINA
from anmi.core.contact_rules.facts import Attempt, Channel, Purpose
from anmi.core.contact_rules.gate import decide, explain
from anmi.core.contact_rules.pack_reader import read_rows, read_rule_pack
from anmi.core.contact_rules.rule_pack import RULES, Layer, RefusedOverrides, RulePack, RuleRow, tighten
from anmi.core.contact_rules.values import AllowedOnly
from anmi.core.contact_rules.verdicts import Allowed, Reason, Refused, Standing
from anmi.core.placement_sheet.contact_source import ContactSource
from tests.core.contact_rules.histories import CASEWORK, CLEAN, COLLECTOR, DEBTOR, MOBILE, PACK, histories

TABLE = tomllib.loads((CASEWORK / "contact_rule_pack/default.toml").read_text("utf-8"))
CALL = Attempt(
    datetime(2026, 11, 23, 20, 30, tzinfo=CHINA), Channel.VOICE_INTERACTIVE, Purpose.COLLECT, DEBTOR, MOBILE, COLLECTOR
)


def override(rule_id: str, value: object, **changes: object) -> RuleRow:
    row = {
        "rule_id": rule_id,
        "value": value,
        "source": "synthetic creditor's contract",
        "effective_from": date(2026, 6, 1),
        "scope": ["voice_interactive", "voice_inform"],
        "severity": "contract",
    }
    return read_rows([row | changes])[0]


def tightened(*rows: RuleRow) -> RulePack:
    pack = tighten(PACK, rows, Layer.CREDITOR)
    assert isinstance(pack, RulePack)
    return pack


STRICTER = [
    ("HOURS_BAN", {"from": "20:00", "to": "09:00"}),
    ("CALL_EFFECTIVE_CAP", {"count": 1, "days": 1}),
    ("CALL_EFFECTIVE_CAP", {"count": 3, "days": 2}),
    ("THIRD_CALL_CAP", [{"count": 0, "days": 7}]),
    ("CALL_MIN_GAP", {"minutes": 120}),
    ("FESTIVAL_BAN", {"first": -2, "last": 6}),
    ("CONTACT_SOURCE", ["contract"]),
    ("NUMBER_STATE", ["empty", "wrong_party", "changed", "invalid_format", "suspended"]),
]
LOOSER = [
    ("HOURS_BAN", {"from": "22:00", "to": "07:00"}),
    ("HOURS_BAN", {"from": "23:00", "to": "09:00"}),
    ("CALL_EFFECTIVE_CAP", {"count": 4, "days": 1}),
    ("CALL_EFFECTIVE_CAP_WEEK", {"count": 9, "days": 3}),
    ("THIRD_CALL_CAP", [{"count": 1, "days": 1}]),
    ("CALL_MIN_GAP", {"minutes": 59}),
    ("FESTIVAL_BAN", {"first": 0, "last": 2}),
    ("CONTACT_SOURCE", ["contract", "bought_list"]),
    ("NUMBER_STATE", ["empty"]),
    ("SPECIAL_GROUP", {"deceased": "STOP"}),
    ("HOLD", {"complaint": "HUMAN_ONLY"}),
    (
        "THIRD_GATE",
        {
            "grounds": ["deceased", "no_capacity", "out_of_reach"],
            "unanswered_in_a_row": 2,
            "unanswered_days": 3,
            "dead_states": ["empty"],
        },
    ),
]


@pytest.mark.parametrize(("rule_id", "value"), STRICTER)
def test_a_creditor_may_ask_for_more_care(rule_id: str, value: object) -> None:
    assert tightened(override(rule_id, value)).rows[-1].layer is Layer.CREDITOR


@pytest.mark.parametrize(("rule_id", "value"), LOOSER)
def test_a_looser_override_is_refused_and_named(rule_id: str, value: object) -> None:
    looser = override(rule_id, value)
    refusal = tighten(PACK, [looser, override("CALL_MIN_GAP", {"minutes": 90})], Layer.TENANT)
    assert isinstance(refusal, RefusedOverrides)
    assert [(one.override, one.row.rule_id) for one in refusal.loosenings] == [(looser, rule_id)]


def test_a_stricter_pack_never_allows_what_the_base_refuses() -> None:
    pack = tightened(*(override(rule_id, value, effective_from=date(2020, 1, 1)) for rule_id, value in STRICTER))
    tighter = 0
    for attempt, facts in histories(seed=11, count=5_000):
        base, strict = decide(PACK, attempt, facts), decide(pack, attempt, facts)
        assert not (isinstance(strict, Allowed) and isinstance(base, Refused))
        tighter += isinstance(base, Allowed) and isinstance(strict, Refused)
    assert tighter > 100


def test_a_tenant_may_be_less_strict_than_a_creditor_and_the_stricter_of_both_holds() -> None:
    tenant = override("HOURS_BAN", {"from": "21:00", "to": "08:00"})
    creditor = override("HOURS_BAN", {"from": "20:00", "to": "08:00"})
    for first, second in ((tenant, creditor), (creditor, tenant)):
        pack = tighten(tightened(first), [second], Layer.TENANT)
        assert isinstance(pack, RulePack)
        assert isinstance(decide(pack, CALL, CLEAN), Refused)


def test_an_override_holds_on_its_days_only() -> None:
    evening = override("HOURS_BAN", {"from": "20:00", "to": "08:00"}, effective_to=date(2026, 11, 23))
    pack = tightened(evening)
    verdict = decide(pack, CALL, CLEAN)
    assert isinstance(verdict, Refused)
    assert verdict.until == datetime(2026, 11, 24, 8, tzinfo=CHINA)
    assert isinstance(decide(pack, replace(CALL, at=CALL.at + timedelta(days=1)), CLEAN), Allowed)
    assert isinstance(decide(pack, replace(CALL, at=CALL.at - timedelta(days=200)), CLEAN), Allowed)


def test_a_bar_without_an_end_ends_with_the_rule_that_sets_it() -> None:
    no_calls = override("CALL_EFFECTIVE_CAP", {"count": 0, "days": 1}, effective_to=date(2026, 11, 30))
    verdict = decide(tightened(no_calls), CALL, CLEAN)
    assert isinstance(verdict, Refused)
    assert verdict.until == datetime(2026, 12, 1, 8, tzinfo=CHINA)


def test_explain_names_rules_out_of_scope_and_not_in_force() -> None:
    pack = tightened(override("CALL_MIN_GAP", {"minutes": 90}, effective_from=date(2030, 1, 1)))
    standings = [(one.rule_id, one.standing) for one in explain(pack, CALL, CLEAN)]
    assert ("SMS_CAP", Standing.OUT_OF_SCOPE) in standings
    assert standings[-1] == ("CALL_MIN_GAP", Standing.NOT_IN_FORCE)
    assert ("HOURS_BAN", Standing.SATISFIED) in standings


def test_the_default_pack_holds_every_rule_and_a_sentence_for_every_reason() -> None:
    assert {row.rule_id for row in PACK.rows} == set(RULES)
    assert set(PACK.sentences) == set(Reason)
    assert all(row.is_in_force(date(2026, 11, 23)) for row in PACK.rows)


@pytest.mark.parametrize(
    ("rule_id", "row"),
    [
        ("HOURS_BAN", {"value": {"from": "22:00", "to": "22:00"}}),
        ("HOURS_BAN", {"value": {"from": "late", "to": "early"}}),
        ("CALL_MIN_GAP", {"value": {"minutes": 0}}),
        ("CALL_ATTEMPT_CAP", {"value": [{"count": -1, "days": 1}]}),
        ("PLACEMENT", {"value": False}),
        ("HOLD", {"value": "STOP"}),
        ("HOLD", {"value": {"complaint": "SHOUT"}}),
        ("NUMBER_STATE", {"value": ["tired"]}),
        ("CONTACT_SOURCE", {"value": "contract"}),
        ("THIRD_GATE", {"value": {"grounds": []}}),
        ("VISIT_TWO", {"value": {"count": 0}}),
        ("FESTIVAL_BAN", {"value": {"first": 3, "last": -1}}),
        ("SMS_CAP", {"scope": ["pigeon"]}),
        ("SMS_CAP", {"scope": []}),
        ("SMS_CAP", {"severity": "mild"}),
        ("SMS_CAP", {"source": ""}),
        ("SMS_CAP", {"effective_from": "soon"}),
        ("SMS_CAP", {"effective_from": None}),
    ],
)
def test_a_row_that_cannot_be_read_is_named(rule_id: str, row: dict[str, object]) -> None:
    table = copy.deepcopy(TABLE)
    next(one for one in table["rule"] if one["rule_id"] == rule_id).update(row)
    with pytest.raises(ValueError, match=f"rule pack, {rule_id}"):
        read_rule_pack(table)


def test_a_rule_cannot_be_ended_by_leaving_it_out() -> None:
    table = copy.deepcopy(TABLE)
    table["rule"] = [row for row in table["rule"] if row["rule_id"] != "THIRD_STOP"]
    with pytest.raises(ValueError, match="THIRD_STOP"):
        read_rule_pack(table)


@pytest.mark.parametrize(
    "change",
    [
        {"version": ""},
        {"rule": [{"rule_id": "NO_SUCH_RULE"}]},
        {"reason": {}},
        {"reason": {"bad_mood": {"zh": "心情不好", "en": "A bad mood."}}},
    ],
)
def test_a_pack_with_holes_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="rule pack"):
        read_rule_pack(TABLE | change)


def test_the_lawful_sources_are_those_a_placement_sheet_can_name() -> None:
    lawful = next(row.value for row in PACK.rows if row.rule_id == "CONTACT_SOURCE")
    assert lawful == AllowedOnly(frozenset(ContactSource))
