"""What is known of a telephone number: whether it exists, answers, and belongs to the one we look for."""

from __future__ import annotations

from enum import StrEnum


class NumberState(StrEnum):
    """The state of a number, in our own words; each vendor's answers are read into it."""

    ACTIVE = "active"
    EMPTY = "empty"
    SUSPENDED = "suspended"
    POWERED_OFF = "powered_off"
    SUSPECT_OFF = "suspect_off"
    UNREACHABLE = "unreachable"
    BUSY = "busy"
    SILENT = "silent"
    RISK = "risk"
    CHANGED = "changed"
    WRONG_PARTY = "wrong_party"
    INVALID_FORMAT = "invalid_format"
    UNKNOWN = "unknown"
