"""What an import finds has a word on the desk, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import anmi
from anmi.core.placement_sheet.reasons import FileReason, Notice, Reason

WORDS = Path(anmi.__file__).parent.parent / "web" / "src" / "words"


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_every_finding_of_an_import_has_a_word_on_the_desk(language: str) -> None:
    told = set(re.findall(r"^\s+([A-Z][A-Z_]+):", (WORDS / f"operations.{language}.ts").read_text("utf-8"), re.M))
    assert {*FileReason, *Reason, *Notice} - told == set()
