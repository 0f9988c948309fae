"""Every code that a person may be shown has a Chinese and an English label."""

from __future__ import annotations

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from itertools import groupby

import pytest

import anmi
from anmi.core.audit_actions import AUDIT_WORDS, AuditAction
from anmi.core.permissions import (
    FIELD_RIGHT_WORDS,
    PERMISSION_WORDS,
    SCOPE_WORDS,
    THING_WORDS,
    VERB_WORDS,
    FieldRight,
    Permission,
    Scope,
    Words,
)
from anmi.core.roles import BUILT_IN_ROLES, IDENTITY_THINGS, WALLS, excluding_pair
from anmi.kit.errors import Refusal

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def told() -> Iterator[tuple[str, Words]]:
    yield from PERMISSION_WORDS.items()
    yield from FIELD_RIGHT_WORDS.items()
    yield from SCOPE_WORDS.items()
    yield from THING_WORDS.items()
    yield from VERB_WORDS.items()
    yield from AUDIT_WORDS.items()
    yield from ((role.code, role.words) for role in BUILT_IN_ROLES.values())


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Permission, PERMISSION_WORDS),
        (FieldRight, FIELD_RIGHT_WORDS),
        (Scope, SCOPE_WORDS),
        (AuditAction, AUDIT_WORDS),
        ({permission.thing for permission in Permission}, THING_WORDS),
        ({permission.verb for permission in Permission}, VERB_WORDS),
    ],
)
def test_every_code_has_words(codes: object, words: dict[str, Words]) -> None:
    assert set(codes) == set(words)  # type: ignore[call-overload]


def test_words_are_chinese_and_english() -> None:
    wrong = [code for code, words in told() if not CHINESE.search(words.zh) or CHINESE.search(words.en) or not words.en]
    assert wrong == []


def test_codes_with_different_meanings_have_different_words() -> None:
    for table in (PERMISSION_WORDS, FIELD_RIGHT_WORDS, THING_WORDS, AUDIT_WORDS):
        for language in ("zh", "en"):
            labels = [getattr(words, language) for words in table.values()]
            assert len(labels) == len(set(labels))


def refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(anmi.__path__, "anmi."):
        if ".cli" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Refusal]] = []
    waiting = [Refusal]
    while waiting:
        for child in waiting.pop().__subclasses__():
            if child.__module__.startswith("anmi."):
                found.append(child)
                waiting.append(child)
    return found


def test_every_refusal_has_a_code_and_a_sentence_in_both_languages() -> None:
    families = {"NotFound", "Conflict", "Forbidden", "Invalid"}
    for refusal in refusals():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", refusal.code), refusal
        assert CHINESE.search(refusal.zh), refusal
        assert not CHINESE.search(refusal.en), refusal
        assert refusal.en, refusal
        if refusal.__name__ not in families:
            assert "code" in vars(refusal), f"{refusal} has no code of its own"


def test_no_two_refusals_share_a_code() -> None:
    codes = sorted((refusal.code, refusal.__qualname__) for refusal in refusals())
    shared = [list(group) for _, group in groupby(codes, key=lambda pair: pair[0])]
    assert [group for group in shared if len(group) > 1] == []


def test_both_sentences_of_a_refusal_speak_of_facts_it_can_have() -> None:
    def facts(sentence: str) -> set[str]:
        names = (name for _, name, _, _ in string.Formatter().parse(sentence) if name)
        return {name.removesuffix("_zh").removesuffix("_en") for name in names}

    assert [refusal for refusal in refusals() if facts(refusal.zh) != facts(refusal.en)] == []


def test_no_built_in_role_breaks_the_wall() -> None:
    for role in BUILT_IN_ROLES.values():
        assert excluding_pair([role]) is None, role.code


def test_no_administrator_sees_casework() -> None:
    for code in ("system_administrator", "security_administrator", "auditor", "platform_operator"):
        assert {permission.thing for permission in BUILT_IN_ROLES[code].permissions} <= IDENTITY_THINGS, code
    assert all({permission.thing for permission in wall} <= IDENTITY_THINGS for wall in WALLS)
