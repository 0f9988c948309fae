"""Reads a rule pack from its TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from anmi.core.inspection.match import Cue
from anmi.core.inspection.model import OUR_SIDE, Facts, Party, Severity, Speaker
from anmi.core.inspection.negation import ALL_GUARDS, Guard
from anmi.core.inspection.patterns import BadPattern, Concepts, Pattern, pattern, words_of
from anmi.core.inspection.rules import (
    ANY_RULE,
    Absent,
    Alike,
    Check,
    Due,
    Example,
    Heading,
    Ignored,
    Known,
    Positive,
    Rule,
    RulePack,
    Said,
)
from anmi.core.inspection.text import plain
from anmi.quality.rules.second_voice import second_voice

Table = Mapping[str, Any]  # A table of TOML, whose values are checked where they are read.

BUILT_IN: Final = "builtin"
_INTERNAL: Final = "internal"
_CHANGES: Final = "changes"
_FEW: Final = 12


class BadRulePack(ValueError):
    """A rule pack that cannot be used; the message names the file and the rule."""


def rule_pack(folder: Path | None = None, changes: Iterable[Table] = (), version: str | None = None) -> RulePack:
    """Read the pack in `folder`, or the one that comes with Anmi; raise BadRulePack where it is wrong.

    `changes` are rules in the form of the files: one of a known id takes the place of the rule, `off` sets it aside.
    """
    place: Traversable = folder or resources.files("anmi.quality") / "rule_pack"
    tables = {
        file.name: _table(file)
        for file in sorted(place.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
    }
    tables = _changed(tables, {change["id"]: change for change in changes})
    if "concepts.toml" not in tables:
        raise BadRulePack(f"{place}: concepts.toml is missing")
    concepts = _concepts(tables["concepts.toml"]["concepts"])
    hearing = tables["concepts.toml"].get("hearing", {})
    rules: list[Rule] = []
    positives: list[Positive] = []
    cues: list[Cue] = []
    examples: list[Example] = []
    for name, table in tables.items():
        try:
            for entry in table.get("signal", []):
                cues.append(_cue(entry, entry["id"], concepts))
            for entry in table.get("positive", []):
                positives.append(_positive(entry))
                if "patterns" in entry:
                    cues.append(_cue(entry, entry["code"], concepts))
            for entry in table.get("rule", []):
                rules.append(_rule(entry, is_certain=name == _CHANGES))
                examples += _examples(entry)
                if "patterns" in entry:
                    cues.append(_cue(entry, entry["id"], concepts))
        except (KeyError, ValueError, TypeError) as error:
            raise BadRulePack(f"{name}: {error!r}") from error
    _check_names(rules, positives, cues)
    # A need of many words is put together from concepts, which are heard by themselves.
    needs = {need for cue in cues for way in cue.patterns for need in way.needs if len(need) <= _FEW}
    heard = {word for need in needs for word in need if len(word) > 2}
    phrases = {word for line in hearing.get("phrases", []) for word in words_of(line, concepts)}
    heard |= phrases | {word for words in concepts.values() for word in words}
    return RulePack(
        version=version or (BUILT_IN if folder is None else folder.name),
        rules=tuple(rules),
        positives=tuple(positives),
        cues=tuple(cues),
        heard_words=tuple(sorted(heard)),
        short_words=tuple(hearing.get("short", [])),
        kept_words=tuple(hearing.get("kept", [])),
        phrases=tuple(sorted(phrases)),
        mistaken_words=dict(hearing.get("mistaken", {})),
        common_words=frozenset(plain(word) for word in hearing.get("common", [])),
        likeness=second_voice(place),
        examples=tuple(examples),
    )


def _changed(tables: Mapping[str, Table], changes: Mapping[str, Table]) -> dict[str, Table]:
    off = {identity for identity, change in changes.items() if change.get("off")}
    kept: dict[str, Table] = {
        name: {**table, "rule": [_without(entry, off) for entry in table.get("rule", []) if entry["id"] not in changes]}
        for name, table in tables.items()
    }
    kept[_CHANGES] = {"rule": [_without(change, off) for identity, change in changes.items() if identity not in off]}
    return kept


def _without(entry: Table, off: set[str]) -> Table:
    """Let a rule yield to none that was set aside."""
    others = [other for other in entry.get("yields_to", []) if other not in off]
    return {**entry, "yields_to": others} if "yields_to" in entry else entry


def _table(file: Traversable) -> Table:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRulePack(f"{file.name}: {error}") from error


def _concepts(table: Mapping[str, list[str]]) -> Concepts:
    """Resolve concepts in the order they are written: one may use those before it."""
    concepts: dict[str, tuple[str, ...]] = {}
    for name, lines in table.items():
        try:
            concepts[name] = tuple(dict.fromkeys(word for line in lines for word in words_of(line, concepts)))
        except BadPattern as error:
            raise BadRulePack(f"concepts.toml: {name}: {error}") from error
    return concepts


def _cue(entry: Table, identity: str, concepts: Concepts) -> Cue:
    return Cue(
        identity,
        _patterns(entry["patterns"], concepts),
        _patterns(entry.get("unless", []), concepts),
        frozenset(Speaker(word) for word in entry["speakers"]) if "speakers" in entry else OUR_SIDE,
        frozenset(Guard(word) for word in entry["guards"]) if "guards" in entry else ALL_GUARDS,
    )


def _patterns(sources: Iterable[str], concepts: Concepts) -> tuple[Pattern, ...]:
    return tuple(pattern(source, concepts) for source in sources)


def _rule(entry: Table, *, is_certain: bool) -> Rule:
    heading = Heading(
        entry["id"], int(entry["version"]), entry["code"], Severity(entry["severity"]), entry["title"]
    )  # fmt: skip
    match entry.get("kind", "said"):
        case "said":
            return Said(
                heading, entry.get("cue", entry["id"]), frozenset(Party(word) for word in entry.get("parties", [])),
                bool(entry.get("before_verification", False)), entry.get("unless_fact"),
                frozenset(entry.get("yields_to", [])), is_certain,
            )  # fmt: skip
        case "ignored":
            after, pressed_by, answered_by = (
                frozenset[str](entry[key]) for key in ("after", "pressed_by", "answered_by")
            )
            return Ignored(heading, after, pressed_by, answered_by)
        case "absent":
            return Absent(heading, entry["positive"])
        case "known":
            return Known(heading, Check(entry["check"]), int(entry.get("limit", 0)))
        case "alike":
            return Alike(
                heading, int(entry["least"]), int(entry.get("doubts", 0)), frozenset(entry.get("after", [])),
                frozenset(Party(word) for word in entry.get("parties", [])),
                bool(entry.get("before_verification", False)), entry.get("unless_fact"),
            )  # fmt: skip
        case kind:
            raise ValueError(f"{entry['id']}: no rule is of kind {kind}")


def _positive(entry: Table) -> Positive:
    return Positive(
        entry["code"], entry.get("same_as", entry["code"]), Due(entry["due"]), entry.get("within_seconds"),
        bool(entry.get("by_repeating", False)), listed=not entry.get(_INTERNAL, False),
    )  # fmt: skip


def _examples(entry: Table) -> list[Example]:
    return [
        Example(entry["id"], text, fires)
        for key, fires in (("fire", True), ("hold", False))
        for text in entry.get(key, [])
    ]


def _check_names(rules: Iterable[Rule], positives: Iterable[Positive], cues: Iterable[Cue]) -> None:
    """See that what a rule listens for exists, and that no two things carry one name."""
    known = [cue.id for cue in cues]
    for name in known:
        if known.count(name) > 1:
            raise BadRulePack(f"two cues are called {name}")
    wanted = {positive.cue for positive in positives}
    ids = {rule.heading.id for rule in rules}
    codes = {positive.code for positive in positives}
    for rule in rules:
        match rule:
            case Said():
                wanted.add(rule.cue)
                if rule.unless_fact not in {None, *Facts.__dataclass_fields__}:
                    raise BadRulePack(f"{rule.heading.id}: no fact is called {rule.unless_fact}")
                if lost := rule.yields_to - ids - {ANY_RULE}:
                    raise BadRulePack(f"{rule.heading.id}: no rule is called {', '.join(sorted(lost))}")
            case Ignored():
                wanted |= rule.after | rule.pressed_by | rule.answered_by
            case Absent():
                if rule.positive not in codes:
                    raise BadRulePack(f"{rule.heading.id}: no positive is called {rule.positive}")
            case Alike():
                wanted |= rule.after
            case Known():
                pass
    if lost := wanted - set(known):
        raise BadRulePack(f"nobody listens for {', '.join(sorted(lost))}")
