"""What a creditor says is owed now, divided into its parts."""

from __future__ import annotations

from anmi.core.balance import Balance
from anmi.core.money import Money


def restated(owing: Money, parts: Balance | None) -> Balance:
    """Return the parts where they add up to what is owed; else all of it is principal, as when none are told."""
    if parts is not None and parts.total == owing:
        return parts
    return Balance(principal=owing)
