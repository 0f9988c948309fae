"""What an agency wants of the live watch: which violations end a call by force, and how long it waits for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from anmi.core.alarms import DebtorSignal

CRITICAL_CODES: Final = frozenset(
    {"V01", "V02", "V03", "V04", "V05", "V06", "V08", "V09", "V11", "V14", "V16", "V20", "V22"}
)
"""Violations that are said aloud and weigh so heavily that a call may be ended for them."""


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """How an agency has its live calls watched; without one of its own, no call is ended by a rule."""

    force_release: Mapping[str, int] = field(default_factory=dict[str, int])
    """Code of a critical violation: how many of them on one call end it."""
    automatic_help: frozenset[DebtorSignal] = frozenset()
    """Signals whose help is given without anybody asking for it."""
    escalate_after_seconds: int = 120
    silence_seconds: int = 20
    overlong_seconds: int = 1800
