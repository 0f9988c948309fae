"""The door of the rules: the pack that comes with Anmi, packs made of it, and whether they keep their own examples."""

from __future__ import annotations

from anmi.quality.rules.loader import BUILT_IN, BadRulePack, rule_pack
from anmi.quality.rules.trial import failed_examples

__all__ = ["BUILT_IN", "BadRulePack", "failed_examples", "rule_pack"]
