"""From findings to a score: a critical one is a veto, a major one costs 20, a minor one 5."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from anmi.core.inspection.model import Finding, Severity

FULL_SCORE: Final = 100
_COSTS: Final = {Severity.CRITICAL: FULL_SCORE, Severity.MAJOR: 20, Severity.MINOR: 5}


def score(findings: Iterable[Finding]) -> int:
    """Return 0 to 100; nothing found is 100."""
    return max(0, FULL_SCORE - sum(_COSTS[finding.severity] for finding in findings))
