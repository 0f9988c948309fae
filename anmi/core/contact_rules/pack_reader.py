"""Reads a rule pack from a loaded table (`tomllib.loads` or JSON), and names the row that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import cast

from anmi.core.contact_rules.facts import Channel
from anmi.core.contact_rules.rule_pack import RULES, RulePack, RuleRow, Sentence, Severity
from anmi.core.contact_rules.verdicts import Reason
from anmi.core.tables import names, rows


def read_rule_pack(data: Mapping[str, object]) -> RulePack:
    """Build the base pack; raise ValueError for an unreadable row, a missing rule or a reason without sentences."""
    version = data.get("version")
    if not isinstance(version, str) or not version:
        raise ValueError("rule pack: a version is needed")
    pack_rows = read_rows(data.get("rule"))
    missing = sorted(RULES.keys() - {row.rule_id for row in pack_rows})
    if missing:
        # A rule ends by its last day, so that nobody ends one by forgetting it.
        raise ValueError(f"rule pack {version}: no row for {', '.join(missing)}")
    return RulePack(version, pack_rows, _sentences(version, data.get("reason")))


def read_rows(data: object) -> tuple[RuleRow, ...]:
    """Read rows of a pack or overrides of a creditor or tenant; raise ValueError naming the rule."""
    return tuple(_row(row) for row in rows(data, "rule pack"))


def _row(row: Mapping[str, object]) -> RuleRow:
    rule_id = row.get("rule_id")
    if not isinstance(rule_id, str) or rule_id not in RULES:
        raise ValueError(f"rule pack: no rule is called {rule_id}")
    try:
        return RuleRow(
            rule_id,
            RULES[rule_id].value.read(row.get("value")),
            _source(row.get("source")),
            _day(row.get("effective_from")),
            _day(row["effective_to"]) if "effective_to" in row else None,
            _scope(row.get("scope")),
            Severity(cast("str", row.get("severity"))),
        )
    except ValueError as error:
        raise ValueError(f"rule pack, {rule_id}: {error}") from error


def _source(data: object) -> str:
    if not isinstance(data, str) or not data:
        raise ValueError("expected a source")
    return data


def _day(data: object) -> date:
    match data:
        case date():
            return data
        case str():
            return date.fromisoformat(data)
        case _:
            raise ValueError("expected a day as 2025-02-28")


def _scope(data: object) -> frozenset[Channel]:
    channels = frozenset(Channel(name) for name in names(data, "scope"))
    if not channels:
        raise ValueError("expected the channels it is for")
    return channels


def _sentences(version: str, data: object) -> Mapping[Reason, Sentence]:
    sentences: dict[Reason, Sentence] = {}
    rows_of_reasons = cast("Mapping[str, object]", data) if isinstance(data, Mapping) else {}
    for code, row in rows_of_reasons.items():
        match row:
            case {"zh": str(zh), "en": str(en)} if zh and en and code in set(Reason):
                sentences[Reason(code)] = Sentence(zh, en)
            case _:
                raise ValueError(f"rule pack {version}, reason {code}: a known reason with zh and en is expected")
    missing = sorted(set(Reason) - sentences.keys())
    if missing:
        raise ValueError(f"rule pack {version}: no sentence for {', '.join(missing)}")
    return sentences
