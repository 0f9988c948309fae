"""Rule packs made ready to inspect by: read, tried on their own examples, and kept for the next call."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.rules import Example
from anmi.quality.rules.service import failed_examples, rule_pack


@dataclass(frozen=True, slots=True)
class Made:
    """A pack made ready, and which of its examples it does not keep."""

    inspector: Inspector
    failed: tuple[Example, ...]


@lru_cache(maxsize=1)
def built_in() -> Inspector:
    """Return the pack that comes with Anmi, made ready."""
    return Inspector(rule_pack())


async def make(changes: Sequence[Mapping[str, Any]], version: str) -> Made:
    """Make a pack ready and try the examples of what was changed; raise BadRulePack where it cannot be."""
    return await asyncio.to_thread(_make, changes, version)


def _make(changes: Sequence[Mapping[str, Any]], version: str) -> Made:
    pack = rule_pack(changes=changes, version=version)
    inspector = Inspector(pack)
    ids = {change["id"] for change in changes}
    return Made(inspector, failed_examples(inspector, [each for each in pack.examples if each.rule in ids]))
