"""Special groups have words, and the rule pack knows what each means."""

from __future__ import annotations

import tomllib
from pathlib import Path

from anmi.core.special_groups import SPECIAL_GROUP_WORDS, SpecialGroup

PACK = Path("anmi/casework/contact_rule_pack/default.toml")


def test_the_rule_pack_knows_every_group_and_no_other() -> None:
    rules = {rule["rule_id"]: rule["value"] for rule in tomllib.loads(PACK.read_text("utf-8"))["rule"]}
    assert set(rules["SPECIAL_GROUP"]) == set(SpecialGroup)


def test_every_group_has_words() -> None:
    assert set(SPECIAL_GROUP_WORDS) == set(SpecialGroup)
